import { resolve } from 'node:path';
import type { ConfigDocument } from './document.ts';
import { type Path, type Plain, settingOf, shown, valueAt, withValue } from './plain.ts';
import type { Problem } from './problem.ts';
import type { FileName } from './schema/files.ts';
import { suggest } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Override {
  /** Where it wins; `system.yaml` if left out. */
  readonly file?: 'api.yaml';
  /** One path, or host and port of an address. */
  readonly paths: readonly Path[];
  readonly kind: 'text' | 'folder' | 'address';
}

/** Environment variables that win over the files. */
const OVERRIDES: ReadonlyMap<string, Override> = new Map<string, Override>([
  ['LINEKEEPER_SWITCH', { kind: 'text', paths: [['switch']] }],
  [
    'LINEKEEPER_SIP',
    {
      kind: 'address',
      paths: [
        ['sip', 'address'],
        ['sip', 'port'],
      ],
    },
  ],
  [
    'LINEKEEPER_DRACHTIO',
    {
      kind: 'address',
      paths: [
        ['drachtio', 'host'],
        ['drachtio', 'port'],
      ],
    },
  ],
  ['LINEKEEPER_DRACHTIO_SECRET', { kind: 'text', paths: [['drachtio', 'secret']] }],
  [
    'LINEKEEPER_FREESWITCH',
    {
      kind: 'address',
      paths: [
        ['freeswitch', 'host'],
        ['freeswitch', 'port'],
      ],
    },
  ],
  ['LINEKEEPER_FREESWITCH_SECRET', { kind: 'text', paths: [['freeswitch', 'secret']] }],
  [
    'LINEKEEPER_FREESWITCH_LISTEN',
    {
      kind: 'address',
      paths: [
        ['freeswitch', 'listenAddress'],
        ['freeswitch', 'listenPort'],
      ],
    },
  ],
  [
    'LINEKEEPER_FREESWITCH_ADVERTISED',
    { kind: 'text', paths: [['freeswitch', 'advertisedAddress']] },
  ],
  ['LINEKEEPER_FREESWITCH_SOUNDS', { kind: 'text', paths: [['freeswitch', 'soundsFolder']] }],
  [
    'LINEKEEPER_FREESWITCH_RECORDINGS',
    { kind: 'text', paths: [['freeswitch', 'recordingsFolder']] },
  ],
  ['LINEKEEPER_DATA', { kind: 'folder', paths: [['folders', 'data']] }],
  ['LINEKEEPER_RECORDINGS', { kind: 'folder', paths: [['folders', 'recordings']] }],
  ['LINEKEEPER_SOUNDS', { kind: 'folder', paths: [['folders', 'sounds']] }],
  ['LINEKEEPER_LOG', { kind: 'text', paths: [['logLevel']] }],
  [
    'LINEKEEPER_API',
    {
      file: 'api.yaml',
      kind: 'address',
      paths: [
        ['server', 'address'],
        ['server', 'port'],
      ],
    },
  ],
]);

/** A file as overridden, and variables that cannot be understood. */
export interface Overridden {
  readonly document: ConfigDocument;
  readonly problems: readonly Problem[];
}

/** Lets the environment win. Problems found later in a value from there name the variable. */
export function applyEnvironment(
  name: FileName,
  document: ConfigDocument,
  environment: Environment,
): Overridden {
  const problems: Problem[] = [];
  const origin = new Map<string, string>();
  let data = document.data;
  for (const [variable, override] of OVERRIDES) {
    const text = environment[variable];
    if (text === undefined || text === '' || name !== (override.file ?? 'system.yaml')) continue;
    const values = read(text, override);
    if (values === undefined) {
      problems.push(wrongAddress(variable, text));
      continue;
    }
    for (const [index, value] of values.entries()) {
      const path = override.paths[index];
      if (path === undefined) continue;
      data = withValue(data, path, value);
      origin.set(settingOf(path), variable);
    }
  }
  return { document: overridden(document, data, origin), problems };
}

/** Variables that look like ours but are not, with what was probably meant. */
export function strayVariables(environment: Environment): readonly Problem[] {
  const known = [...OVERRIDES.keys()];
  return Object.keys(environment)
    .filter((variable) => variable.startsWith('LINEKEEPER_') && !OVERRIDES.has(variable))
    .flatMap((variable) => {
      const meant = suggest(variable, known);
      if (meant === undefined) return [];
      return [
        fromVariable(variable, { message: 'is not read', allowed: `did you mean ${meant}?` }),
      ];
    });
}

function read(text: string, override: Override): readonly Plain[] | undefined {
  switch (override.kind) {
    case 'text':
      return [text];
    case 'folder':
      return [resolve(text)];
    case 'address': {
      const match = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/u.exec(text);
      const [, host, port] = match ?? [];
      if (host === undefined) return undefined;
      return [host.replace(/^\[|\]$/gu, ''), Number(port)];
    }
  }
}

function overridden(
  document: ConfigDocument,
  data: Plain,
  origin: ReadonlyMap<string, string>,
): ConfigDocument {
  return {
    data,
    place(path) {
      const variable = origin.get(settingOf(path));
      if (variable === undefined) return document.place(path);
      return {
        file: 'environment',
        line: undefined,
        column: undefined,
        setting: variable,
        value: shown(valueAt(data, path), path),
      };
    },
    keyPlace: (path) => document.keyPlace(path),
  };
}

function wrongAddress(variable: string, text: string): Problem {
  return fromVariable(variable, {
    value: shown(text, []),
    message: 'not an address',
    allowed: 'host:port, such as 127.0.0.1:9022',
  });
}

function fromVariable(
  variable: string,
  problem: Pick<Problem, 'message' | 'allowed'> & { readonly value?: string | undefined },
): Problem {
  return {
    kind: 'wrong',
    file: 'environment',
    line: undefined,
    column: undefined,
    setting: variable,
    value: undefined,
    ...problem,
  };
}
