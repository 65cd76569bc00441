import type { Clock, Log } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';
import type { MediaSignalling } from '../freeswitch/signalling.ts';
import type { DrachtioLink } from './link.ts';
import type { CreateUacOptions, SrfDialog, SrfOffered } from './srf.ts';

const INVITE_WITHIN_MS = 5_000;

/** A final response to a re-INVITE that is no 2xx. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`re-INVITE refused: ${status}`);
    this.name = 'Refused';
    this.status = status;
  }
}

/** SIP towards FreeSWITCH, with a deadline on everything. */
export function createMediaSignalling(needs: {
  readonly link: DrachtioLink;
  readonly clock: Clock;
  readonly log: Log;
}): MediaSignalling {
  const { link, clock, log } = needs;
  return {
    createUAC: (uri, options) => {
      const { headers, localSdp } = options;
      const invited =
        localSdp === undefined
          ? inviteToOffer(link, uri, headers)
          : invite(link, uri, { headers, localSdp });
      const tamed: Promise<SrfDialog> = invited.then((dialog) => tame(dialog, log));
      return within(tamed, {
        clock,
        what: 'INVITE to FreeSWITCH',
        limitMs: INVITE_WITHIN_MS,
        lost: link.lost,
        late: (dialog) => void dialog.destroy(),
      });
    },
    reinvite: (dialogId, sdp) => {
      const dialog = link.srf._dialogs.get(dialogId);
      if (dialog === undefined) return Promise.reject(new Error('the endpoint has ended'));
      return within(sendReinvite(dialog, sdp), {
        clock,
        what: 're-INVITE to FreeSWITCH',
        limitMs: INVITE_WITHIN_MS,
        lost: link.lost,
      });
    },
    forget: (dialogId) => {
      const dialog = link.srf._dialogs.get(dialogId);
      if (dialog === undefined) return;
      // Its BYE did not come: drachtio is told, so that it forgets the dialog as well.
      void dialog.destroy().finally(() => link.srf.removeDialog(dialog));
    },
  };
}

function invite(link: DrachtioLink, uri: string, options: CreateUacOptions): Promise<SrfDialog> {
  return new Promise((resolve, reject) => {
    link.srf.createUAC(uri, options, { cbRequest: () => undefined }, (error, dialog) => {
      if (dialog === undefined || dialog === null) reject(asError(error));
      else resolve(dialog);
    });
  });
}

/**
 * FreeSWITCH makes the offer. Until the party's session is known its own is given back as the answer,
 * for sound both ways. The library would answer `recvonly`: FreeSWITCH then takes the channel for one
 * on hold, and sends a re-INVITE of its own when it is bridged; one that meets ours ends the call.
 */
async function inviteToOffer(
  link: DrachtioLink,
  uri: string,
  headers: Record<string, string>,
): Promise<SrfDialog> {
  const offered = await new Promise<SrfOffered>((resolve, reject) => {
    const options = { headers, noAck: true } as const;
    link.srf.createUAC(uri, options, { cbRequest: () => undefined }, (error, answered) => {
      if (answered === undefined || answered === null) reject(asError(error));
      else resolve(answered);
    });
  });
  return offered.ack(offered.sdp);
}

function sendReinvite(dialog: SrfDialog, sdp: string): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const headers = { Contact: dialog.local.contact };
    dialog.request({ method: 'INVITE', headers, body: sdp }, (error, response) => {
      if (error !== null && error !== undefined) reject(asError(error));
      else if (response.status >= 300) reject(new Refused(response.status));
      else if (response.status >= 200) resolve(response.body ?? '');
    });
  });
}

/** drachtio-fsmrf leaves the promise of `destroy` floating: it must not reject. */
function tame(dialog: SrfDialog, log: Log): SrfDialog {
  const destroy = dialog.destroy.bind(dialog);
  dialog.destroy = (options) =>
    destroy(options).catch((error: unknown) => {
      log.debug('FreeSWITCH did not take a BYE', { fault: asError(error).name });
    });
  return dialog;
}
