import { header } from '../../../protocol/sip/headers.ts';
import type { SipRequest } from '../../../protocol/sip/message.ts';
import type { Channel } from '../channel/channel.ts';

const DEFAULT_DIGIT_MS = 250;

/** Takes an INFO: digits in application/dtmf-relay or application/dtmf. Gives the status to answer with. */
export function receiveInfo(channel: Channel | undefined, request: SipRequest): number {
  const type = (header(request, 'Content-Type') ?? '').split(';')[0]?.trim().toLowerCase();
  const text = request.body.toString('latin1');
  if (type === 'application/dtmf-relay') {
    const digit = /Signal\s*=\s*([0-9A-D*#])/i.exec(text)?.[1];
    const durationMs = Number(/Duration\s*=\s*(\d{1,5})/i.exec(text)?.[1] ?? DEFAULT_DIGIT_MS);
    return press(channel, digit, durationMs);
  }
  if (type === 'application/dtmf') return press(channel, text.trim(), DEFAULT_DIGIT_MS);
  return 200;
}

function press(
  channel: Channel | undefined,
  digit: string | undefined,
  durationMs: number,
): number {
  if (digit === undefined || !/^[0-9A-D*#]$/i.test(digit)) return 400;
  channel?.digits.push({ digit: digit.toUpperCase(), durationMs, source: 'ENDPOINT' });
  return 200;
}
