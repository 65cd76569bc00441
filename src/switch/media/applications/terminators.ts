import type { Channel } from '../channel/channel.ts';
import type { QueuedDigit } from '../channel/digit-queue.ts';

/**
 * Whether a digit ends what is played or recorded: one of `playback_terminators`, which is `*` when not set,
 * `any` for all and `none` for no key. The one used is left in `playback_terminator_used`.
 */
export function terminatorCheck(channel: Channel): (digit: QueuedDigit) => 'stop' | 'go-on' {
  return ({ digit }) => {
    const configured = channel.variables.get('playback_terminators') ?? '*';
    const terminators = configured.toLowerCase() === 'any' ? '1234567890*#' : configured;
    if (terminators.toLowerCase() === 'none' || !terminators.includes(digit)) return 'go-on';
    channel.variables.set('playback_terminator_used', digit);
    return 'stop';
  };
}
