import type { E164 } from '../../domain/ids.ts';
import { asE164 } from '../../domain/numbering/e164.ts';

/** How a text from a customer is understood. */
export type Understood = 'stop' | 'start' | 'nothing';

/**
 * Words that end texts: those that 47 CFR 64.1200(a)(10) names, carriers' habit (CTIA, Messaging
 * Principles, 5.1.3), and their Spanish.
 */
const STOP: ReadonlySet<string> = new Set([
  'stop',
  'stopall',
  'quit',
  'end',
  'revoke',
  'opt out',
  'optout',
  'cancel',
  'unsubscribe',
  'alto',
  'parar',
  'cancelar',
]);
const START: ReadonlySet<string> = new Set(['start', 'unstop', 'yes', 'iniciar', 'comenzar']);

/** What a text says, whatever its letters' size and the signs around it. */
export function understand(text: string): Understood {
  const words = text
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim();
  if (STOP.has(words)) return 'stop';
  return START.has(words) ? 'start' : 'nothing';
}

/** A sender as providers write it: E.164, or ten digits of North America; undefined otherwise. */
export function senderOf(text: string): E164 | undefined {
  const plain = text.replaceAll(/[\s().-]/gu, '');
  if (/^1?[2-9]\d{9}$/u.test(plain)) return asE164(`+1${plain.slice(-10)}`);
  return asE164(plain);
}
