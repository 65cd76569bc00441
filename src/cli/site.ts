import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { timeZonesOf } from '../config/time-zones.ts';
import { DAY_MS, type DayNumber, dateText } from '../domain/hours/zone-clock.ts';
import type { LanguageId, QueueId } from '../domain/ids.ts';
import { openStoreReader, type StoreReader } from '../store/reader.ts';
import { configurationFor, type Terminal, UsageError } from './command.ts';

/** What commands that read records need of a configuration. */
export interface Site {
  /** The SQLite file. */
  readonly database: string;
  /** Of each queue that is configured. */
  readonly timeZones: ReadonlyMap<QueueId, string>;
  /** The notice of a callback as it is worded now. */
  readonly notices: ReadonlyMap<LanguageId, Notice>;
}

/** What callers hear before anything is collected, and the fingerprint of that wording. */
export interface Notice {
  readonly version: string;
  readonly text: string;
}

/** The site of a configuration folder; undefined after its problems have been told. */
export async function siteFor(folder: string, terminal: Terminal): Promise<Site | undefined> {
  const configuration = await configurationFor(folder, terminal);
  return configuration && siteOf(configuration);
}

function siteOf(configuration: Configuration): Site {
  const { system, prompts, noticeVersions } = configuration;
  const wordings = prompts.get('notice-callback')?.texts ?? new Map<LanguageId, string>();
  const notices = [...wordings].map(
    ([language, text]) =>
      [language, { text, version: noticeVersions.get(language) ?? '' }] as const,
  );
  return {
    database: join(system.folders.data, 'linekeeper.db'),
    timeZones: timeZonesOf(configuration),
    notices: new Map(notices),
  };
}

/**
 * Gives `read` the records, beside a running server or without.
 * @throws StoreFailure; whatever `read` throws
 */
export async function withRecords<Result>(
  { database }: Site,
  read: (records: StoreReader) => Promise<Result>,
): Promise<Result> {
  const records = openStoreReader({ file: database });
  try {
    return await read(records);
  } finally {
    await records.close();
  }
}

/** The time zone of a queue's hours; of a queue that is not configured any more, that of the first. */
export function timeZoneOf({ timeZones }: Site, queue: QueueId): string {
  const [first = 'UTC'] = timeZones.values();
  return timeZones.get(queue) ?? first;
}

/** The day of a date such as 2026-11-25. @throws UsageError */
export function dayOf(name: string, text: string): DayNumber {
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(`${text}T00:00:00Z`) / DAY_MS : NaN;
  // Some engines take 30 February for 2 March.
  if (Number.isInteger(day) && dateText(day) === text) return day;
  throw new UsageError(`--${name}: "${text}" is no date such as 2026-11-25`);
}
