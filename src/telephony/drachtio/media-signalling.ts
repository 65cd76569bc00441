import type { Clock, Log } from '../../engine/ports.ts';
import { asError, within } from '../deadline.ts';
import type { MediaSignalling } from '../freeswitch/signalling.ts';
import type { DrachtioLink } from './link.ts';
import type { SrfDialog } from './srf.ts';

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
      const invited = new Promise<SrfDialog>((resolve, reject) => {
        const { headers, localSdp } = options;
        link.srf.createUAC(
          uri,
          localSdp === undefined ? { headers } : { headers, localSdp },
          { cbRequest: () => undefined },
          (error, dialog) => {
            if (dialog === undefined || dialog === null) reject(asError(error));
            else resolve(tame(dialog, log));
          },
        );
      });
      return within(invited, {
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
