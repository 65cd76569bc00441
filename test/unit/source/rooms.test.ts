import { describe, expect, it } from 'vitest';
import { type Breach, importsOf, PROGRAM, type SourceFile } from './tree.ts';

/** What the files of a folder may import: packages by name, files by where their path begins. */
interface Room {
  readonly folder: string;
  readonly allowed: readonly string[];
}

const ADAPTER = [
  'src/domain/',
  'src/engine/ports.ts',
  'src/engine/phones.ts',
  'src/engine/archive.ts',
  'src/engine/api-records.ts',
  'src/protocol/',
];

/** The first room in which a file lies counts. */
const ROOMS: readonly Room[] = [
  { folder: 'src/domain/numbering/', allowed: ['src/domain/', 'libphonenumber-js/max'] },
  { folder: 'src/domain/', allowed: ['src/domain/'] },
  {
    folder: 'src/protocol/sdp/',
    allowed: ['src/protocol/', 'node:buffer', 'node:crypto', 'sdp-transform'],
  },
  { folder: 'src/protocol/', allowed: ['src/protocol/', 'node:buffer', 'node:crypto'] },
  { folder: 'src/switch/', allowed: ['src/switch/', 'src/protocol/', 'node:'] },
  { folder: 'src/engine/', allowed: ['src/engine/', 'src/domain/'] },
  {
    folder: 'src/telephony/drachtio/',
    allowed: [...ADAPTER, 'src/telephony/', 'node:', 'drachtio-srf'],
  },
  {
    folder: 'src/telephony/freeswitch/',
    allowed: [...ADAPTER, 'src/telephony/', 'node:', 'drachtio-fsmrf', 'drachtio-modesl'],
  },
  { folder: 'src/telephony/', allowed: [...ADAPTER, 'src/telephony/', 'node:'] },
  { folder: 'src/registrar/', allowed: [...ADAPTER, 'src/registrar/', 'node:'] },
  {
    folder: 'src/store/',
    allowed: [...ADAPTER, 'src/store/', 'node:', 'better-sqlite3', 'kysely', 'zod'],
  },
  { folder: 'src/vault/', allowed: [...ADAPTER, 'src/vault/', 'node:'] },
  { folder: 'src/config/', allowed: ['src/config/', 'src/domain/', 'node:', 'yaml', 'zod'] },
  {
    folder: 'src/http/',
    allowed: [
      ...ADAPTER,
      'src/engine/ticket-office.ts',
      'src/engine/api-records.ts',
      'src/observe/mask.ts',
      'src/http/',
      'node:',
      'fastify',
      '@fastify/rate-limit',
      'zod',
    ],
  },
  {
    folder: 'src/observe/',
    allowed: [
      'src/observe/',
      'src/domain/',
      'src/engine/ports.ts',
      'src/engine/observer.ts',
      'src/engine/ticket-office.ts',
      'node:',
      'pino',
      'prom-client',
    ],
  },
  // These put everything together.
  ...['src/cli/', 'src/demo/', 'src/bench/', 'src/replay/'].map((folder) => ({
    folder,
    allowed: ['src/', 'node:'],
  })),
  { folder: 'src/', allowed: ['src/', 'node:'] },
];

function crossings(files: readonly SourceFile[]): readonly Breach[] {
  return files.flatMap((file) => {
    const room = ROOMS.find(({ folder }) => file.path.startsWith(folder));
    return importsOf(file)
      .filter((name) => room?.allowed.some((allowed) => fits(name, allowed)) !== true)
      .map((name) => ({ path: file.path, what: name }));
  });
}

/** Folders and `node:` allow what is in them; packages and files only themselves. */
function fits(name: string, allowed: string): boolean {
  return /[/:]$/u.test(allowed) ? name.startsWith(allowed) : name === allowed;
}

/** Folders of `src` that no room above names: the last one would let them import anything. */
function unknownRooms(files: readonly SourceFile[]): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => path.split('/').length > 2)
    .filter((path) => !ROOMS.some(({ folder }) => folder !== 'src/' && path.startsWith(folder)));
}

describe('rooms', () => {
  it('import only what they may', () => {
    expect(crossings(PROGRAM)).toEqual([]);
  });

  it('are all known', () => {
    expect(unknownRooms(PROGRAM)).toEqual([]);
  });

  it.each([
    ['src/domain/call/a.ts', "import { now } from '../../observe/clock.ts';"],
    ['src/domain/call/a.ts', "import { readFile } from 'node:fs';"],
    ['src/domain/call/a.ts', "import parse from 'libphonenumber-js/max';"],
    ['src/domain/call/a.ts', "export { x } from '../../engine/engine.ts';"],
    ['src/protocol/sip/a.ts', "import type { Call } from '../../domain/call/call-record.ts';"],
    ['src/protocol/sip/a.ts', "import sdp from 'sdp-transform';"],
    ['src/protocol/sdp/a.ts', "import { connect } from 'node:net';"],
    ['src/switch/media/a.ts', "import type { E164 } from '../../domain/ids.ts';"],
    ['src/engine/a.ts', "import { createStore } from '../store/store.ts';"],
    ['src/engine/a.ts', "import { setTimeout } from 'node:timers';"],
    ['src/telephony/a.ts', "import Srf from 'drachtio-srf';"],
    ['src/telephony/drachtio/a.ts', "import Mrf from 'drachtio-fsmrf';"],
    ['src/telephony/freeswitch/a.ts', "import Srf from 'drachtio-srf';"],
    ['src/telephony/a.ts', "import { createStore } from '../store/store.ts';"],
    ['src/registrar/a.ts', "import type { Engine } from '../engine/engine.ts';"],
    ['src/store/a.ts', "import {\n  a,\n  b,\n} from '../registrar/nonces.ts';"],
    ['src/vault/a.ts', "import { createStore } from '../store/store.ts';"],
    ['src/http/a.ts', "import type { Engine } from '../engine/engine.ts';"],
    ['src/http/a.ts', "import { createStore } from '../store/store.ts';"],
    ['src/store/a.ts', "import { fastify } from 'fastify';"],
    ['src/config/a.ts', "const late = await import('../engine/engine.ts');"],
    ['src/app2.ts', "import Srf from 'drachtio-srf';"],
  ])('would be caught crossing: %s: %s', (path, text) => {
    expect(crossings([{ path, text }])).toHaveLength(1);
  });

  it('would be caught when new', () => {
    expect(unknownRooms([{ path: 'src/attic/a.ts', text: '' }])).toHaveLength(1);
  });
});
