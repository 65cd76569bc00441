import type { TicketId } from '../domain/ids.ts';
import { type Command, oneOf, parseCommand, type Terminal, UsageError } from './command.ts';
import { CONSENT_ENTRIES, consentHtml, consentPage, consentText } from './consent-page.ts';
import { ownEntries, ticketIdOf } from './explain.ts';
import { verdictText } from './ledger-verdict.ts';
import { type Site, siteFor, timeZoneOf, withRecords } from './site.ts';

const FORMATS = ['text', 'html'] as const;
type Format = (typeof FORMATS)[number];

/** `linekeeper consent`: on one page, what a customer agreed to, when and how. */
export const consent: Command = {
  takes: 'TICKET [--format text|html]',
  does: 'what a customer agreed to, when and how, on one page',
  async run(args, terminal) {
    const own = { format: { type: 'string', default: 'text' } } as const;
    const { values, positionals } = parseCommand(args, terminal, own, ['TICKET']);
    const format = oneOf('format', values.format, FORMATS);
    const id = ticketIdOf(positionals[0]);
    const site = await siteFor(values.config, terminal);
    return site === undefined ? 2 : await writeConsent(site, id, format, terminal);
  },
};

/**
 * @returns exit code: 1 if the ledger is not as it was written
 * @throws StoreFailure; UsageError for a ticket that is not known
 */
export async function writeConsent(
  site: Site,
  id: TicketId,
  format: Format,
  terminal: Terminal,
): Promise<number> {
  return await withRecords(site, async (records) => {
    const ticket = await records.ticket(id);
    if (ticket === undefined) throw new UsageError(`there is no ticket ${id}`);
    const own = await ownEntries(records, ticket);
    const entries = own.filter(({ what }) => CONSENT_ENTRIES.has(what));
    const verdict = await records.verifyLedger();
    const page = consentPage({
      ticket,
      timeZone: timeZoneOf(site, ticket.queue),
      notice: site.notices.get(ticket.consent.language),
      entries,
      hashes: await records.ledgerHashes(entries.map(({ position }) => position)),
      verdict: verdictText(verdict),
    });
    terminal.write(format === 'html' ? consentHtml(page) : consentText(page));
    return verdict.ok ? 0 : 1;
  });
}
