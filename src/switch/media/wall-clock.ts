/** Time of day for stamps in events; the media clock counts frames. */
export interface WallClock {
  /** Milliseconds since 1970, with fractions where the platform has them. */
  nowMs(): number;
}

export const SYSTEM_CLOCK: WallClock = { nowMs: () => performance.timeOrigin + performance.now() };

/** Microseconds since 1970 as text, the form of every time in a FreeSWITCH event. */
export function microseconds(epochMs: number): string {
  return String(Math.round(epochMs * 1000));
}

/** `0 years, 0 days, 0 hours, 0 minutes, 20 seconds, 86 milliseconds, 714 microseconds`. */
export function uptimeText(uptimeMs: number): string {
  const seconds = Math.floor(uptimeMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(days / 365), 'year'],
    [days % 365, 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
    [Math.floor(uptimeMs) % 1000, 'millisecond'],
    [Math.floor(uptimeMs * 1000) % 1000, 'microsecond'],
  ];
  return parts.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(', ');
}
