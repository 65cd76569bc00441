import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentId } from '../../../src/domain/ids.ts';
import type { Key } from '../../../src/domain/ivr/keys.ts';
import { voiceIn } from '../../../src/domain/ivr/voice.ts';
import { parseAddressRange } from '../../../src/domain/trunk/address-range.ts';
import type { Trunk, TrunkOutbound } from '../../../src/domain/trunk/trunk.ts';
import type { PhoneContact, PhoneDirectory, Registration } from '../../../src/engine/phones.ts';
import type {
  Clock,
  IncomingCall,
  Leg,
  LegTone,
  Log,
  LogFields,
} from '../../../src/engine/ports.ts';
import { encodeWav } from '../../../src/protocol/audio/wav.ts';
import type { TelephonySettings } from '../../../src/telephony/settings.ts';
import { createTelephony, type TelephonyAdapter } from '../../../src/telephony/telephony.ts';
import { systemClock } from '../../support/system-clock.ts';
import { Inbox } from '../../support/waiting.ts';
import { findSwitch, type SwitchAddresses } from './switch.ts';

/** Dialled numbers and short codes of the stage. */
export const DNIS = '+12025550100';
export const CALLER = '+12025550123';
export const CUSTOMER = '+12025550145';
export const READY_CODE = '*71';
/** The only voice on the stage. */
export const VOICE = voiceIn('en');

/** Telephony on a switch, with an engine that only notes what comes. */
export interface Stage {
  readonly telephony: TelephonyAdapter;
  readonly addresses: SwitchAddresses;
  /** `host:port` of SIP. */
  readonly sip: string;
  readonly incoming: Inbox<IncomingCall>;
  readonly directory: FakeDirectory;
  readonly recordingsFolder: string;
  readonly logged: readonly { readonly level: string; readonly message: string }[];
  /** Where calls to customers go, trunk by trunk; set by tests. */
  setOutbound(...outbound: readonly TrunkOutbound[]): void;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly settings?: Partial<TelephonySettings>;
  /** Source addresses of the trunk; loopback as a whole unless told otherwise. */
  readonly sources?: readonly string[];
  readonly trunkByDigest?: boolean;
  readonly addresses?: Partial<SwitchAddresses>;
  readonly clock?: Clock;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const found = await findSwitch();
  const addresses = { ...found, ...options.addresses };
  const folder = await mkdtemp(join(tmpdir(), 'linekeeper-stage-'));
  const soundsFolder = await writeSounds(folder);
  const recordingsFolder = join(folder, 'recordings');
  await mkdir(recordingsFolder, { mode: 0o777 });
  const incoming = new Inbox<IncomingCall>();
  const directory = new FakeDirectory();
  const logged: { level: string; message: string }[] = [];
  const inbound = trunk(options);
  let outgoing: readonly TrunkOutbound[] = [];
  const telephony = await createTelephony({
    settings: {
      drachtio: addresses.drachtio,
      freeswitch: {
        ...addresses.freeswitch,
        listenAddress: '127.0.0.1',
        listenPort: 0,
        advertisedAddress: '127.0.0.1',
        soundsFolder,
        recordingsFolder,
      },
      recordingsFolder,
      sessionExpiresSeconds: 1800,
      minSessionExpiresSeconds: 90,
      maxCalls: 300,
      warmEndpoints: 2,
      startSeconds: 15,
      ...options.settings,
    },
    directory,
    routes: () => ({
      trunks: new Map([
        ['carrier', { ...inbound, outbound: outgoing[0] }],
        ...outgoing.slice(1).map((outbound, index) => {
          const id = `carrier-${index + 2}`;
          return [id, { ...inbound, id, inbound: undefined, outbound }] as const;
        }),
      ]),
      entryPoints: new Map([[DNIS, true]]),
      agents: new Map([['alice', true]]),
      shortCodes: { ready: READY_CODE, break: '*72', logOut: '*73', openLine: '*74' },
    }),
    user: { incoming: (call) => incoming.put(call) },
    clock: options.clock ?? systemClock,
    log: logInto(logged),
  });
  return {
    telephony,
    addresses,
    sip: telephony.state().sipAddress ?? '',
    incoming,
    directory,
    recordingsFolder,
    logged,
    setOutbound: (...outbound) => {
      outgoing = outbound;
    },
    close: async () => {
      await telephony.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A trunk's way out to a phone of the test. */
export function outboundTo(
  phone: { readonly address: string; readonly port: number },
  changes: Partial<TrunkOutbound> = {},
): TrunkOutbound {
  return {
    host: phone.address,
    port: phone.port,
    transport: 'udp',
    credentials: undefined,
    callerId: 'dialled',
    numberFormat: 'e164',
    callerIdFormat: 'e164',
    callerIdHost: undefined,
    assertIdentity: true,
    privacy: 'none',
    maxCalls: 100,
    ...changes,
  };
}

function trunk({ sources = ['127.0.0.0/8'], trunkByDigest = false }: StageOptions): Trunk {
  return {
    id: 'carrier',
    country: 'US',
    inbound: {
      sources: sources.map((text) => {
        const range = parseAddressRange(text);
        if (range === undefined) throw new Error(`no range: ${text}`);
        return range;
      }),
      digest: trunkByDigest ? { user: 'carrier', secret: 'unused' } : undefined,
      transports: ['udp', 'tcp'],
      trustAssertedIdentity: true,
    },
    outbound: undefined,
  };
}

/** Sounds are tones, so that each is known by its spectrum. */
async function writeSounds(folder: string): Promise<string> {
  const sounds = join(folder, 'sounds');
  await mkdir(join(sounds, 'en', 'prompts'), { recursive: true });
  const tones = { low: [400, 1], high: [900, 1], short: [600, 0.3], long: [500, 20] } as const;
  for (const [name, [frequency, seconds]] of Object.entries(tones)) {
    const samples = Int16Array.from({ length: 8000 * seconds }, (_, index) =>
      Math.round(8000 * Math.sin((2 * Math.PI * frequency * index) / 8000)),
    );
    await writeFile(join(sounds, 'en', 'prompts', `${name}.wav`), encodeWav(8000, [samples]));
  }
  return sounds;
}

/** Knows `alice` and the trunk by the word `good` in place of a digest. */
class FakeDirectory implements PhoneDirectory {
  readonly registered = new Map<AgentId, PhoneContact[]>();
  readonly registrations: Registration[] = [];
  /** Status of the next REGISTER. */
  next: Awaited<ReturnType<PhoneDirectory['register']>>['status'] = 200;

  authenticate({ authorization }: { authorization: string | undefined }) {
    if (authorization === undefined) {
      return { result: 'challenge', challenge: 'Digest realm="stage", nonce="1"' } as const;
    }
    if (!authorization.includes('response="good"')) return { result: 'refused' } as const;
    const user = /username="(\w+)"/u.exec(authorization)?.[1] ?? '';
    return user === 'carrier'
      ? ({ result: 'trunk', trunk: user } as const)
      : ({ result: 'agent', agentId: user } as const);
  }

  register(agentId: AgentId, registration: Registration) {
    this.registrations.push(registration);
    if (this.next !== 200) {
      return Promise.resolve({ status: this.next, minExpiresSeconds: 60 } as const);
    }
    const expiresAt = Date.now() + (registration.expiresSeconds ?? 3600) * 1000;
    const contacts = registration.expiresSeconds === 0 ? [] : registration.contacts;
    this.registered.set(
      agentId,
      contacts.map((value) => ({
        uri: value.replace(/^.*<|>.*$/gu, ''),
        expiresAt,
        source: registration.source,
      })),
    );
    return Promise.resolve({ status: 200, contacts } as const);
  }

  contacts(agentId: AgentId): readonly PhoneContact[] {
    return (this.registered.get(agentId) ?? []).filter(({ expiresAt }) => expiresAt > Date.now());
  }
}

/** What a leg tells. */
export function listenTo(leg: Leg): {
  readonly keys: Inbox<Key>;
  readonly ended: Inbox<'party' | 'us' | 'failure'>;
  readonly speech: Inbox<boolean>;
  readonly tones: Inbox<LegTone>;
} {
  const keys = new Inbox<Key>();
  const ended = new Inbox<'party' | 'us' | 'failure'>();
  const speech = new Inbox<boolean>();
  const tones = new Inbox<LegTone>();
  leg.listen({
    key: (key) => keys.put(key),
    ended: (by) => ended.put(by),
    speech: (active) => speech.put(active),
    tone: (name) => tones.put(name),
  });
  return { keys, ended, speech, tones };
}

function logInto(logged: { level: string; message: string }[]): Log {
  const at = (level: string) => (message: string, fields?: LogFields) => {
    logged.push({ level, message: `${message} ${JSON.stringify(fields ?? {})}` });
    if (process.env['LINEKEEPER_TEST_LOG'] === '1') {
      process.stderr.write(`${level} ${message} ${JSON.stringify(fields ?? {})}\n`);
    }
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
