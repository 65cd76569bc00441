import { asError, within } from '../deadline.ts';
import type { PartyDependencies } from './party.ts';
import type { SrfDialog, SrfReply, SrfRequest } from './srf.ts';

/** The echo of our 200 comes back from drachtio at once. */
const ANSWER_WITHIN_MS = 5_000;

/**
 * Answers an INVITE with 200 and `localSdp`. The library may refuse with 487 and make the dialog all
 * the same, or make it after our deadline: such a dialog is ended with BYE.
 * @throws Error if the caller has gone or drachtio did not take the response
 */
export function answerInvite(
  needs: PartyDependencies,
  request: SrfRequest,
  reply: SrfReply,
  answer: { readonly localSdp: string; readonly headers: Record<string, string> },
): Promise<SrfDialog> {
  const { clock, link, log } = needs;
  const discard = (dialog: SrfDialog): void => {
    dialog.destroy().catch((error: unknown) => {
      log.debug('a BYE was not answered', { fault: asError(error).name });
      link.srf.removeDialog(dialog);
    });
  };
  const answered = new Promise<SrfDialog>((resolve, reject) => {
    let settled = false;
    link.srf.createUAS(request, reply, answer, (error, dialog) => {
      if (dialog !== undefined && dialog !== null) {
        if (settled) discard(dialog);
        else resolve(dialog);
      } else if (!settled) reject(asError(error));
      settled = true;
    });
  });
  return within(answered, {
    clock,
    what: 'answer',
    limitMs: ANSWER_WITHIN_MS,
    lost: link.lost,
    late: discard,
  });
}

/**
 * Body of the ACK to our 200: the answer to a late offer.
 * @throws DeadlineError; drachtio itself gives up after 32 s and sends BYE
 */
export function awaitAck(needs: PartyDependencies, dialog: SrfDialog): Promise<string> {
  const acknowledged = new Promise<string>((resolve, reject) => {
    dialog.once('ack', (ack) => resolve(ack.body ?? ''));
    dialog.on('destroy', () => reject(new Error('the caller hung up before its answer came')));
    if (!dialog.connected) reject(new Error('the caller hung up before its answer came'));
  });
  return within(acknowledged, {
    clock: needs.clock,
    what: 'ACK',
    limitMs: ACK_WITHIN_MS,
    lost: needs.link.lost,
  });
}

const ACK_WITHIN_MS = 33_000;
