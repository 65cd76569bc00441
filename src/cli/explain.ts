import type { Ticket } from '../domain/callback/ticket.ts';
import type { TicketId } from '../domain/ids.ts';
import { localTimeText } from '../domain/report/period.ts';
import { type LedgerEntry, MAX_PAGE_SIZE } from '../engine/archive.ts';
import type { StoreReader } from '../store/reader.ts';
import { type Command, parseCommand, type Terminal, UsageError } from './command.ts';
import { verdictText } from './ledger-verdict.ts';
import { shownNumber } from './number.ts';
import { type Overtakes, overtakesOf, overtakeWords, type ProvedOvertake } from './overtakes.ts';
import { type Site, siteFor, timeZoneOf, withRecords } from './site.ts';
import { lifeTeller } from './ticket-life.ts';

/** `linekeeper explain`: a ticket's life in plain words, proved from the ledger. */
export const explain: Command = {
  takes: 'TICKET [--all]',
  does: 'what became of a ticket, who went before it and why, proved from the ledger',
  async run(args, terminal) {
    const own = { all: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseCommand(args, terminal, own, ['TICKET']);
    const id = ticketIdOf(positionals[0]);
    const site = await siteFor(values.config, terminal);
    return site === undefined ? 2 : await writeLife(site, id, values.all, terminal);
  },
};

/**
 * @param all whether each overtake is told, not only how many there were in a row
 * @returns exit code: 1 if the ledger is not as it was written
 * @throws StoreFailure; UsageError for a ticket that is not known
 */
export async function writeLife(
  site: Site,
  id: TicketId,
  all: boolean,
  terminal: Terminal,
): Promise<number> {
  return await withRecords(site, async (records) => {
    const ticket = await records.ticket(id);
    if (ticket === undefined) throw new UsageError(`there is no ticket ${id}`);
    const own = await ownEntries(records, ticket);
    const overtakes = await overtakesOf(records, ticket, terminal.now());
    const timeZone = timeZoneOf(site, ticket.queue);
    const verdict = await records.verifyLedger();
    const lines = [
      ...headOf(ticket, timeZone),
      '',
      ...lifeOf(own, overtakes, { timeZone, all }),
      '',
      ...summaryOf(overtakes),
      verdictText(verdict),
    ];
    terminal.write(`${lines.join('\n')}\n`);
    return verdict.ok ? 0 : 1;
  });
}

/** @throws UsageError */
export function ticketIdOf(text: string | undefined): TicketId {
  if (text?.startsWith('ticket-') === true) return text as TicketId;
  throw new UsageError(`"${text ?? ''}" is no ticket; their names begin with ticket-`);
}

/** All entries about a ticket, and about the call in which it was taken, in order. */
export async function ownEntries(
  records: Pick<StoreReader, 'ledgerOf'>,
  { id, origin }: Ticket,
): Promise<readonly LedgerEntry[]> {
  const about = origin.callId === undefined ? [id] : [id, origin.callId];
  const entries: LedgerEntry[] = [];
  for (;;) {
    const page = await records.ledgerOf(about, MAX_PAGE_SIZE, entries.at(-1)?.position);
    entries.push(...page);
    if (page.length < MAX_PAGE_SIZE) return entries;
  }
}

function headOf(ticket: Ticket, timeZone: string): readonly string[] {
  const { id, queue, number, origin, state, attempts } = ticket;
  const facts: readonly (readonly [string, string])[] = [
    ['Ticket', id],
    ['Queue', queue],
    ['Number', shownNumber(number)],
    ['In line since', localTimeText(timeZone, origin.waitingSince)],
    ['State', `${state.name}${'at' in state ? ` at ${localTimeText(timeZone, state.at)}` : ''}`],
    ['Attempts', String(attempts.length)],
  ];
  return facts.map(([name, value]) => `${name.padEnd(15)}${value}`);
}

/** What happened to the ticket and who went before it, in the order of the ledger. */
function lifeOf(
  own: readonly LedgerEntry[],
  { listed }: Overtakes,
  { timeZone, all }: { readonly timeZone: string; readonly all: boolean },
): readonly string[] {
  const tell = lifeTeller(timeZone);
  const lines: string[] = [];
  const rest = [...listed];
  const upTo = (position: number) => {
    const end = rest.findIndex((overtake) => overtake.position > position);
    const before = rest.splice(0, end === -1 ? rest.length : end);
    lines.push(
      ...(all ? before.map((one) => overtakeLine([one], timeZone)) : grouped(before, timeZone)),
    );
  };
  for (const entry of own) {
    const sentence = tell(entry);
    if (sentence === undefined) continue;
    upTo(entry.position);
    lines.push(`${localTimeText(timeZone, entry.at)}  ${sentence}`);
  }
  upTo(Number.POSITIVE_INFINITY);
  if (own.length === 0) lines.push('The ledger tells nothing of it any more.');
  return lines;
}

/** One line for those in a row who went first for the same reason. */
function grouped(overtakes: readonly ProvedOvertake[], timeZone: string): readonly string[] {
  const groups: ProvedOvertake[][] = [];
  for (const overtake of overtakes) {
    const last = groups.at(-1);
    if (last !== undefined && last[0]?.reason === overtake.reason) last.push(overtake);
    else groups.push([overtake]);
  }
  return groups.map((group) => overtakeLine(group, timeZone));
}

function overtakeLine(group: readonly ProvedOvertake[], timeZone: string): string {
  const [first] = group;
  if (first === undefined) return '';
  const reason = overtakeWords(first.reason ?? 'unexplained');
  const when = localTimeText(timeZone, first.at);
  const who =
    group.length === 1
      ? `${first.by} (came later) went first to agent ${first.agentId}`
      : `${group.length} who came later went first, until ${localTimeText(timeZone, group.at(-1)?.at ?? first.at)}`;
  return `${when}    ${who}, because ${reason}.`;
}

function summaryOf({ counts }: Overtakes): readonly string[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return ['Nobody who came later was served first.'];
  const unexplained = counts.get('unexplained') ?? 0;
  return [
    `Times that somebody who came later was served first: ${total}, of which unexplained: ${unexplained}.`,
    ...[...counts].map(
      ([reason, count]) => `  ${String(count).padStart(5)}  because ${overtakeWords(reason)}`,
    ),
  ];
}
