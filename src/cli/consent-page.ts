import type { Ticket } from '../domain/callback/ticket.ts';
import { localTimeText } from '../domain/report/period.ts';
import type { LedgerEntry } from '../engine/archive.ts';
import { shownNumber } from './number.ts';
import type { Notice } from './site.ts';

/** What one page says of a consent. */
export interface ConsentPage {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The wording that was heard, or a sentence that it is not in use any more. */
  readonly notice: { readonly heard: string | undefined; readonly remark: string };
  readonly entries: readonly ConsentEntry[];
  /** Whether ledger and ticket agree, and whether the ledger is whole. */
  readonly checks: readonly string[];
}

interface ConsentEntry {
  readonly position: number;
  readonly utc: string;
  readonly what: string;
  /** In the chain, hexadecimal. */
  readonly hash: string;
}

/** What the page is made of. */
export interface ConsentSources {
  readonly ticket: Ticket;
  readonly timeZone: string;
  /** The wording in use now, in the language of the consent. */
  readonly notice: Notice | undefined;
  /** About the ticket and its call. */
  readonly entries: readonly LedgerEntry[];
  readonly hashes: ReadonlyMap<number, string>;
  /** What the check of the whole ledger found. */
  readonly verdict: string;
}

/** Entries that tell of the consent; others tell of the callback. */
export const CONSENT_ENTRIES: ReadonlySet<string> = new Set([
  'callbackOffered',
  'callbackDeclined',
  'ticketRegistered',
  'ticketNumberChanged',
]);

export function consentPage(sources: ConsentSources): ConsentPage {
  const { ticket, timeZone, entries, hashes, verdict } = sources;
  const { consent, origin } = ticket;
  const byForm = consent.source === 'api';
  return {
    title: 'Consent to be called back',
    facts: [
      ['Ticket', ticket.id],
      ['Queue', ticket.queue],
      ['Given by', byForm ? 'a form' : `pressing key ${consent.key} on the telephone`],
      ['Time there', localTimeText(timeZone, consent.at)],
      ['Time in UTC', utcText(consent.at)],
      ['Number', shownNumber(ticket.number)],
      ['Number from', NUMBER_FROM[consent.source]],
      ['Number dialled', ticket.dnis],
      ['Call', origin.callId ?? 'none'],
      ['Language', consent.language],
      ['Version of the notice', consent.promptVersion === '' ? 'unknown' : consent.promptVersion],
    ],
    notice: noticeOf(sources),
    entries: entries.map(({ position, at, what }) => ({
      position,
      utc: utcText(at),
      what,
      hash: hashes.get(position) ?? '',
    })),
    checks: [agreement(sources), verdict],
  };
}

const NUMBER_FROM: Readonly<Record<Ticket['consent']['source'], string>> = {
  ani: 'the number that the call came from',
  keyed: 'keyed by the caller',
  api: 'the form',
};

function noticeOf({ ticket: { consent }, notice }: ConsentSources): ConsentPage['notice'] {
  if (consent.source === 'api') {
    return { heard: undefined, remark: 'Nothing was heard: the form carries the wording.' };
  }
  if (notice !== undefined && notice.version === consent.promptVersion) {
    return { heard: notice.text, remark: 'Heard before the key was pressed:' };
  }
  const now = notice === undefined ? 'there is none in this language' : `that is ${notice.version}`;
  const remark = `The wording of that version is not the one in use now (${now}). Look for it in an earlier prompts.yaml.`;
  return { heard: undefined, remark };
}

/** Whether the ledger tells the same of the consent as the ticket. */
function agreement({ ticket: { id, consent }, entries }: ConsentSources): string {
  const entry = entries.find(({ what, about }) => what === 'ticketRegistered' && about === id);
  if (entry === undefined) return 'The ledger does not tell of this ticket (any more).';
  const { key, source, promptVersion, language } = entry.detail;
  if (key === undefined)
    return `The detail of ledger entry ${entry.position} was over age and is gone.`;
  const same =
    key === consent.key &&
    source === consent.source &&
    promptVersion === consent.promptVersion &&
    language === consent.language;
  return same
    ? `Ledger entry ${entry.position} tells the same key, number source, version and language.`
    : `LEDGER ENTRY ${entry.position} TELLS OTHERWISE than the ticket.`;
}

/** The page as plain text. */
export function consentText({ title, facts, notice, entries, checks }: ConsentPage): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return [
    title,
    '='.repeat(title.length),
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}${value}`),
    '',
    notice.remark,
    ...(notice.heard === undefined ? [] : ['', `    "${notice.heard}"`]),
    '',
    'In the ledger',
    ...entries.map(
      ({ position, utc, what, hash }) => `  ${position}  ${utc}  ${what}\n      SHA-256 ${hash}`,
    ),
    '',
    ...checks,
    '',
  ].join('\n');
}

const STYLE =
  'body{font:11pt/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#111}' +
  'table{border-collapse:collapse;width:100%;margin:1rem 0}' +
  'th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ccc}' +
  'blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid #888}' +
  'code{font-size:8.5pt;overflow-wrap:anywhere}';

/** The page as one HTML file that needs nothing else. */
export function consentHtml({ title, facts, notice, entries, checks }: ConsentPage): string {
  const cells = (tag: 'th' | 'td', values: readonly string[]) =>
    values.map((value) => `<${tag}>${value}</${tag}>`).join('');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escaped(title)}</h1>`,
    '<table>',
    ...facts.map(
      ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
    ),
    '</table>',
    `<p>${escaped(notice.remark)}</p>`,
    ...(notice.heard === undefined ? [] : [`<blockquote>${escaped(notice.heard)}</blockquote>`]),
    '<h2>In the ledger</h2>',
    '<table>',
    `<tr>${cells('th', ['Entry', 'Time in UTC', 'What', 'SHA-256'])}</tr>`,
    ...entries.map(({ position, utc, what, hash }) => {
      const row = [String(position), utc, escaped(what), `<code>${escaped(hash)}</code>`];
      return `<tr>${cells('td', row)}</tr>`;
    }),
    '</table>',
    ...checks.map((check) => `<p>${escaped(check)}</p>`),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

function utcText(at: number): string {
  return new Date(at).toISOString();
}
