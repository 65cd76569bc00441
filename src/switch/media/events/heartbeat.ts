import { VERSION } from '../api/core-commands.ts';
import type { MediaContext } from '../context.ts';
import { uptimeText } from '../wall-clock.ts';
import { ORIGINS } from './origins.ts';

/** Sends HEARTBEAT at an interval; the function returned ends it. */
export function startHeartbeat(context: MediaContext, intervalSeconds: number): () => void {
  const timer = setInterval(() => sendHeartbeat(context), intervalSeconds * 1000);
  timer.unref();
  return () => clearInterval(timer);
}

function sendHeartbeat(context: MediaContext): void {
  const { channels, limits } = context;
  const uptimeMs = context.clock.nowMs() - context.startedMs;
  const counts: Readonly<Record<string, string | number>> = {
    'Event-Info': 'System Ready',
    'Up-Time': uptimeText(uptimeMs),
    'FreeSWITCH-Version': VERSION,
    'Uptime-msec': Math.floor(uptimeMs),
    'Session-Count': channels.size,
    'Max-Sessions': limits.sessions,
    'Session-Per-Sec': limits.sessions,
    'Session-Per-Sec-Last': 0,
    'Session-Per-Sec-Max': 0,
    'Session-Per-Sec-FiveMin': 0,
    'Session-Since-Startup': channels.sinceStart,
    'Session-Peak-Max': channels.peak,
    'Session-Peak-FiveMin': channels.peak,
    'Idle-CPU': '100.000000',
  };
  context.bus.publish({
    name: 'HEARTBEAT',
    origin: ORIGINS.heartbeat,
    fill: (headers) => {
      for (const [name, value] of Object.entries(counts)) headers.set(name, String(value));
    },
  });
}
