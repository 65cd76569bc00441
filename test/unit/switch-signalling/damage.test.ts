import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../../src/protocol/drachtio/command.ts';
import { SipParseError } from '../../../src/protocol/sip/parse-error.ts';
import { Likeness } from './likeness.ts';
import { Stage } from './stage.ts';
import { readTrace, type TraceEntry } from './trace.ts';

const TRACES = [
  '01-invite-answer-bye',
  '03-uac-createUAC',
  '05-uac-cancel-by-app',
  '08-proxy-recordroute',
  '10-proxy-serial-486-then-200',
  '14-in-dialog-info-reinvite',
  '22-prack-100rel',
].map(readTrace);

const LONGEST_TIMER_MS = 300_000;

/** One thing done to what a peer or an application sends. */
interface Damage {
  readonly kind: 'drop' | 'repeat' | 'cut' | 'byte' | 'line' | 'swap';
  /** Where, from 0 to 1. */
  readonly at: number;
  readonly byte: number;
}

const damages = fc.array(
  fc.record({
    kind: fc.constantFrom<Damage['kind']>('drop', 'repeat', 'cut', 'byte', 'line', 'swap'),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    byte: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Does the damage to one message that goes to the server, or to the order of messages. */
function damage(entries: readonly TraceEntry[], { kind, at, byte }: Damage): TraceEntry[] {
  const inputs = entries.flatMap((entry, index) => (isInput(entry) ? [index] : []));
  const index = inputs[Math.floor(at * inputs.length)] ?? -1;
  const entry = entries[index];
  if (entry === undefined) return [...entries];
  const place = Math.floor(at * 997) % Math.max(entry.bytes.length, 1);
  const put = (bytes: Buffer): TraceEntry[] => entries.toSpliced(index, 1, { ...entry, bytes });
  switch (kind) {
    case 'drop':
      return entries.toSpliced(index, 1);
    case 'repeat':
      return entries.toSpliced(index, 0, entry);
    case 'swap':
      return entries.toSpliced(index, 1).toSpliced(Math.max(index - 2, 0), 0, entry);
    case 'cut':
      return put(entry.bytes.subarray(0, place));
    case 'byte':
      return put(
        Buffer.from(entry.bytes.map((old, position) => (position === place ? byte : old))),
      );
    case 'line': {
      const lines = entry.bytes.toString('latin1').split('\r\n');
      lines.splice(place % lines.length, 1);
      return put(Buffer.from(lines.join('\r\n'), 'latin1'));
    }
  }
}

function isInput({ from, to }: TraceEntry): boolean {
  return to.startsWith('drachtio') && !from.startsWith('drachtio');
}

const PORTS: Readonly<Record<string, number>> = {
  'sipp-uac': 5070,
  'sipp-uas': 5080,
  'sipp-uas2': 5081,
};

/** Plays an exchange whatever the server answers; from answers that fit it learns the names of this run. */
function play(stage: Stage, entries: readonly TraceEntry[]): void {
  const client = stage.client();
  const names = new Likeness();
  for (const entry of entries) {
    stage.clock.advance(10);
    try {
      if (isInput(entry)) {
        const bytes = Buffer.from(names.translate(entry.bytes.toString('latin1')), 'latin1');
        if (entry.kind === 'CTL') stage.command(client, bytes);
        else stage.receive(bytes, PORTS[entry.from] ?? 5070);
      } else if (entry.kind === 'CTL') {
        const [frame] = client.frames.splice(0, 1);
        if (frame !== undefined) names.compareFrames(entry.bytes, frame);
      } else {
        const [sent] = stage.sent.splice(0, 1);
        if (sent !== undefined) names.compareSip(entry.bytes, sent.bytes);
      }
    } catch (error) {
      // What the connection and the transports refuse before it gets further.
      if (!(error instanceof CommandError || error instanceof SipParseError)) throw error;
    }
  }
}

describe('damaged exchanges', () => {
  it('throw nothing and leave nothing behind', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRACES), damages, (trace, list) => {
        const stage = new Stage({ cdrs: true });
        play(
          stage,
          list.reduce<TraceEntry[]>((entries, one) => damage(entries, one), [...trace]),
        );
        stage.clock.advance(LONGEST_TIMER_MS);
        const held = stage.held();
        // An INVITE may ring for as long as its application lets it.
        expect(held['client'], 'client transactions').toBe(held['outgoing']);
        expect(held).toMatchObject({ incoming: 0, server: 0, timers: 0 });
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
