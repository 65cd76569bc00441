import { describe, expect, it } from 'vitest';
import { writeConsent } from '../../../src/cli/consent.ts';
import type { Ticket } from '../../../src/domain/callback/ticket.ts';
import { AGED_OFF_NUMBER, USUAL_RETENTION as KEEP } from '../../../src/domain/retention/policy.ts';
import { fact, siteWith, TICKET_LIFE, ticketOf } from './site.ts';
import { listen } from './terminal.ts';

async function write(format: 'text' | 'html', changes: Partial<Ticket> = {}) {
  const { site, store } = await siteWith(TICKET_LIFE);
  await store.commit([{ kind: 'ticket', ticket: ticketOf(changes) }]);
  const { heard, terminal } = listen('');
  const code = await writeConsent(site, 'ticket-a', format, terminal);
  return { code, out: heard.out };
}

const { consent } = ticketOf();

describe('linekeeper consent', () => {
  it('tells on one page what was agreed to, when and how', async () => {
    const { code, out } = await write('text');
    expect(code).toBe(0);
    expect(out.replaceAll(/[0-9a-f]{64}/gu, 'HASH')).toBe(`Consent to be called back
=========================

Ticket                 ticket-a
Queue                  refunds
Given by               pressing key 1 on the telephone
Time there             2026-11-25 09:01:00 -05:00
Time in UTC            2026-11-25T14:01:00.000Z
Number                 +1 202 ••• ••23
Number from            the number that the call came from
Number dialled         +18005550100
Call                   call-a
Language               en
Version of the notice  a1b2c3

Heard before the key was pressed:

    "We call you & record "you" <there>."

In the ledger
  2  2026-11-25T14:00:30.000Z  callbackOffered
      SHA-256 HASH
  3  2026-11-25T14:01:00.000Z  ticketRegistered
      SHA-256 HASH

Ledger entry 3 tells the same key, number source, version and language.
The ledger is as it was written: all 15 entries were checked against their chain.
`);
  });

  it('is a HTML page that needs nothing else, says the same, and runs nothing', async () => {
    const { out } = await write('html');
    expect(out).toMatch(/^<!doctype html>/u);
    expect(out).toContain(
      '<blockquote>We call you &#38; record &#34;you&#34; &#60;there&#62;.</blockquote>',
    );
    expect(out).toContain('<th scope="row">Number</th><td>+1 202 ••• ••23</td>');
    expect(out).not.toMatch(/<script|<link|<img|src=|href=|http:|https:/u);
    expect(out.match(/<code>[0-9a-f]{64}<\/code>/gu)).toHaveLength(2);
    const words = out.replaceAll(/<style>.*?<\/style>|<[^>]*>/gsu, ' ');
    expect(words).toContain('all 15 entries were checked');
  });

  it.each<[string, Partial<Ticket>, string]>([
    [
      'another wording was heard',
      { consent: { ...consent, promptVersion: 'old' } },
      'not the one in use now (that is a1b2c3)',
    ],
    [
      'there is no wording in that language now',
      { consent: { ...consent, language: 'es' } },
      'there is none in this language',
    ],
    ['it was given by a form', { consent: { ...consent, source: 'api' } }, 'Nothing was heard'],
    ['the number has aged off', { number: AGED_OFF_NUMBER }, 'destroyed, it was over age'],
    [
      'the ledger tells otherwise',
      { consent: { ...consent, key: '2' } },
      'LEDGER ENTRY 3 TELLS OTHERWISE',
    ],
  ])('says so when %s', async (_, changes, words) => {
    const { site, store } = await siteWith(TICKET_LIFE);
    const aged = changes.number === AGED_OFF_NUMBER;
    if (!aged) await store.commit([{ kind: 'ticket', ticket: ticketOf(changes) }]);
    else await store.purge(Date.UTC(2027, 0, 1), { ...KEEP, ticketNumber: 1 });
    const { heard, terminal } = listen('');
    await writeConsent(site, 'ticket-a', 'text', terminal);
    expect(heard.out).toContain(words);
  });

  it('says so when the ledger does not tell of the ticket', async () => {
    const { site } = await siteWith([TICKET_LIFE[0] ?? fact(0, '', '', {})]);
    const { heard, terminal } = listen('');
    await writeConsent(site, 'ticket-a', 'text', terminal);
    expect(heard.out).toContain('The ledger does not tell of this ticket');
  });

  it('refuses a ticket that is not known', async () => {
    const { site } = await siteWith([]);
    const { terminal } = listen('');
    await expect(writeConsent(site, 'ticket-z', 'html', terminal)).rejects.toThrow('no ticket');
  });
});
