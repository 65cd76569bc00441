/**
 * Mark and space of a text telephone (Baudot, ANSI/TIA-825-A), and beside them: FreeSWITCH's detector
 * compares the power of a block with the same number rounded, so each block counts by chance. A pure
 * tone may pass one detector by for ever, but not five.
 */
const FREQUENCIES_HZ = [1400, 1800].flatMap((hz) => [hz - 10, hz - 5, hz, hz + 5, hz + 10]);
const LISTEN_SECONDS = 3600;

/**
 * FreeSWITCH's own event of a tone first does not say on which channel. So it is made to set this
 * variable, and CHANNEL_EXECUTE says at once where: it has this as its `Application-Data`.
 */
export const TTY_FOUND = 'linekeeper_tone=tty';

/** Arguments of `tone_detect` that listen for a text telephone on a channel. */
export function ttyDetectors(uuid: string): readonly string[] {
  return FREQUENCIES_HZ.map(
    (hz) => `${uuid} tty-${hz} ${hz} r +${LISTEN_SECONDS} set ${TTY_FOUND}`,
  );
}
