import type { HttpMessageSettings } from '../../domain/notification/settings.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import { type Fetch, isTaken, type Posted, post } from '../outgoing/post.ts';
import type { Handed, MessageProvider, TextMessage } from './provider.ts';

interface Needs {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the program stops. */
  readonly stopping: AbortSignal;
}

/** Posts each message to a place that the operator named, in fields that they chose. */
export function httpProvider(settings: HttpMessageSettings, needs: Needs): MessageProvider {
  const { url, headers, format, timeoutSeconds } = settings;
  const type = format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    name: 'http',
    async send(message) {
      const request = {
        url,
        headers: { ...headers, 'content-type': type },
        body: bodyOf(settings, message),
      };
      const posted = await post(request, { ...needs, timeoutMs: timeoutSeconds * 1000 });
      const handed = handedBy(posted);
      if (handed !== 'taken') {
        const why = posted.status === undefined ? posted.reason : undefined;
        const fields = { reference: message.reference, status: posted.status, why };
        needs.log.warn('text message: the provider did not take it', fields);
      }
      return handed;
    },
  };
}

/** Values are filled in before they are encoded, so that no text breaks out of its field. */
function bodyOf({ body, format }: HttpMessageSettings, message: TextMessage): string {
  const filled = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, filledIn(value, message)]),
  );
  if (format === 'json') return JSON.stringify(filled);
  return new URLSearchParams(filled).toString();
}

function filledIn(value: string, message: TextMessage): string {
  return value.replaceAll(/\{(to|text|reference)\}/gu, (whole, part: string) =>
    part === 'to' || part === 'text' || part === 'reference' ? message[part] : whole,
  );
}

function handedBy(posted: Posted): Handed {
  if (isTaken(posted)) return 'taken';
  const { status } = posted;
  // RFC 9110: what is the server's fault, or a matter of time, may be tried again.
  return status === undefined || status >= 500 || status === 429 || status === 408
    ? 'later'
    : 'refused';
}
