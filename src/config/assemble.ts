import { resolve } from 'node:path';
import type { SlotSettings } from '../domain/callback/settings.ts';
import { type DayRange, type OpeningHours, WEEKDAYS, type Weekday } from '../domain/hours/hours.ts';
import type { LanguageId } from '../domain/ids.ts';
import type { UniversalKeys } from '../domain/ivr/listener.ts';
import type { EntryPoint, Menu, MenuAction } from '../domain/ivr/menu.ts';
import type { QueueSettings } from '../domain/queue/settings.ts';
import { type AddressRange, parseAddressRange } from '../domain/trunk/address-range.ts';
import type { Trunk, TrunkInbound, TrunkOutbound } from '../domain/trunk/trunk.ts';
import { apiSettings } from './assemble-api.ts';
import type { Configuration, Prompt, SystemSettings } from './configuration.ts';
import { noticeVersions } from './notice-versions.ts';
import { numberPolicy } from './numbering.ts';
import type { FileContents } from './schema/files.ts';
import { parseRange } from './schema/hours.ts';
import type { ActionText } from './schema/menus.ts';
import { normalNumber } from './telephone-number.ts';

type Written<File extends keyof FileContents, Key extends keyof FileContents[File]> =
  FileContents[File][Key] extends Record<string, infer Value> ? Value : never;

/**
 * Makes the configuration of files that have passed every check. `folder` is theirs; `languages` are
 * those in use.
 */
export function assemble(
  files: FileContents,
  folder: string,
  languages: readonly LanguageId[],
): Configuration {
  const { language } = files['system.yaml'];
  const { everywhere } = files['menus.yaml'];
  const prompts = mapOf(files['prompts.yaml'].prompts, (id, written) =>
    prompt(id, written, language),
  );
  const entryPoints = files['numbers.yaml'].numbers.map((entry) => entryPoint(entry, language));
  return {
    system: systemSettings(files['system.yaml'], folder),
    language,
    languages,
    entryPoints: new Map(entryPoints.map((entry) => [entry.dnis, entry])),
    menus: mapOf(files['menus.yaml'].menus, (id, written) => menu(id, written, everywhere)),
    hours: mapOf(files['hours.yaml'].hours, openingHours),
    queues: mapOf(files['queues.yaml'].queues, queue),
    agents: mapOf(files['agents.yaml'].agents, (id, agent) => ({
      id,
      ...agent,
      levels: new Map(Object.entries(agent.levels)),
    })),
    shortCodes: files['agents.yaml'].shortCodes,
    trunks: mapOf(files['trunks.yaml'].trunks, trunk),
    prompts,
    noticeVersions: noticeVersions(prompts),
    numbers: numberPolicy(files),
    api: apiSettings(files['api.yaml'], folder),
  };
}

function mapOf<Value, Made>(
  entries: Readonly<Record<string, Value>>,
  make: (id: string, value: Value) => Made,
): ReadonlyMap<string, Made> {
  return new Map(Object.entries(entries).map(([id, value]) => [id, make(id, value)]));
}

function systemSettings(file: FileContents['system.yaml'], folder: string): SystemSettings {
  const sounds = resolve(folder, file.folders.sounds);
  const recordings = resolve(folder, file.folders.recordings);
  return {
    ...file,
    freeswitch: {
      ...file.freeswitch,
      advertisedAddress: file.freeswitch.advertisedAddress ?? file.freeswitch.listenAddress,
      soundsFolder: file.freeswitch.soundsFolder ?? sounds,
      recordingsFolder: file.freeswitch.recordingsFolder ?? recordings,
    },
    folders: { data: resolve(folder, file.folders.data), recordings, sounds },
  };
}

function entryPoint(
  written: FileContents['numbers.yaml']['numbers'][number],
  usual: LanguageId,
): EntryPoint {
  const { dnis, language, person, accessible } = written;
  return {
    ...written,
    dnis: normalNumber(dnis),
    language: language ?? usual,
    person,
    accessible:
      accessible === undefined
        ? undefined
        : {
            queue: accessible.queue,
            relayCallers: new Set(accessible.relayCallers.map(normalNumber)),
          },
  };
}

function menu(
  id: string,
  written: Written<'menus.yaml', 'menus'>,
  universalKeys: UniversalKeys,
): Menu {
  const keys = Object.entries(written.keys).map(([key, action]) => [key, menuAction(action)]);
  return {
    id,
    ...written,
    person: written.person,
    universalKeys,
    keys: Object.fromEntries(keys),
    exhausted: menuAction(written.exhausted),
  };
}

function menuAction(action: ActionText): MenuAction {
  if (action === 'repeat') return { to: 'repeat' };
  if ('menu' in action) {
    const { menu: to, language } = action;
    return { to: 'menu', menu: to, ...(language === undefined ? {} : { language }) };
  }
  if ('queue' in action) return { to: 'queue', queue: action.queue };
  return { to: 'hangUp', prompts: action.hangUp };
}

function queue(id: string, written: Written<'queues.yaml', 'queues'>): QueueSettings {
  const { callback } = written;
  const busyHours = callback.offer.busyHours.map(({ hours, ...threshold }) => ({
    ...known(parseRange(hours)),
    ...threshold,
  }));
  return {
    id,
    ...written,
    callback: {
      ...callback,
      offer: { ...callback.offer, busyHours },
      slots: callback.slots === undefined ? undefined : slots(callback.slots),
    },
  };
}

function slots(
  written: NonNullable<Written<'queues.yaml', 'queues'>['callback']['slots']>,
): SlotSettings {
  const forecast = written.forecast.map(({ hours, ...staff }) => ({
    ...known(parseRange(hours)),
    ...staff,
  }));
  return { ...written, forecast };
}

function openingHours(id: string, written: Written<'hours.yaml', 'hours'>): OpeningHours {
  const week = Object.fromEntries(
    WEEKDAYS.map((day) => [day, dayRanges(written.week[day])]),
  ) as Record<Weekday, readonly DayRange[]>;
  return { id, timeZone: written.timeZone, week, holidays: new Set(written.holidays) };
}

function dayRanges(written: string | readonly string[]): readonly DayRange[] {
  if (written === 'closed') return [];
  const texts = typeof written === 'string' ? [written] : written;
  return texts
    .map((text) => known(parseRange(text)))
    .toSorted((a, b) => a.fromMinute - b.fromMinute);
}

/** A text alone is in the language of `system.yaml`. */
function prompt(
  id: string,
  written: Written<'prompts.yaml', 'prompts'>,
  language: LanguageId,
): Prompt {
  const texts = Object.entries(typeof written === 'string' ? { [language]: written } : written);
  return {
    id,
    texts: new Map(
      texts.flatMap(([spoken, text]): readonly (readonly [LanguageId, string])[] => {
        if (text === undefined) return [];
        return [[spoken, typeof text === 'string' ? text : text.text]];
      }),
    ),
  };
}

function trunk(id: string, written: Written<'trunks.yaml', 'trunks'>): Trunk {
  return {
    id,
    country: written.country,
    inbound: written.inbound === undefined ? undefined : trunkInbound(written.inbound),
    outbound: written.outbound === undefined ? undefined : trunkOutbound(written.outbound),
  };
}

type WrittenTrunk = Written<'trunks.yaml', 'trunks'>;

function trunkInbound(written: NonNullable<WrittenTrunk['inbound']>): TrunkInbound {
  const sources = written.sources.map((text): AddressRange => known(parseAddressRange(text)));
  return { ...written, sources, digest: written.digest };
}

function trunkOutbound(written: NonNullable<WrittenTrunk['outbound']>): TrunkOutbound {
  const { callerId } = written;
  return {
    ...written,
    credentials: written.credentials,
    callerIdHost: written.callerIdHost,
    callerId: callerId === 'dialled' ? callerId : normalNumber(callerId),
  };
}

/** What a schema has already parsed once. */
function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a value passed its check and cannot be read');
  return value;
}
