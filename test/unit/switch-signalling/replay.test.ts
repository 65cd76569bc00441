import { describe, expect, it } from 'vitest';
import { Likeness } from './likeness.ts';
import { type FakeClient, Stage } from './stage.ts';
import { readTrace, type TraceEntry } from './trace.ts';

/** Exchanges recorded with a real drachtio-server; each line is one file of test/fixtures/drachtio. */
const TRACES = [
  '01-invite-answer-bye',
  '02-uas-createUAS',
  '03-uac-createUAC',
  '04-uac-rejected-486',
  '05-uac-cancel-by-app',
  '06-register-out-digest',
  '07-register-in',
  '08-proxy-recordroute',
  '09-proxy-no-recordroute',
  '09b-proxy-no-recordroute-caller-sends-ack-bye-to-proxy',
  '10-proxy-serial-486-then-200',
  '11-cancel-by-caller-after-180',
  '12-cancel-by-caller-quick',
  '13-app-rejects-486',
  '14-in-dialog-info-reinvite',
  '15-no-client-for-method-503',
  '16-uac-repeated-200',
  '17-errors',
  '20-no-ack-200-retransmitted-bye',
  '21-uac-timeout-408',
  '22-prack-100rel',
  '23-app-gone-midcall',
  '24-cdr',
];

const PORTS: Readonly<Record<string, number>> = {
  'sipp-uac': 5070,
  'sipp-uas': 5080,
  'sipp-uas2': 5081,
};

/** Longer than any timer of the server. */
const LONGEST_TIMER_MS = 300_000;

/** Plays the part of everybody but the server, and checks each thing it says. */
class Replay {
  readonly #stage: Stage;
  readonly #client: FakeClient;
  readonly #likeness = new Likeness();

  constructor(name: string) {
    this.#stage = new Stage({ cdrs: name.includes('cdr') });
    this.#client = this.#stage.client();
  }

  run(entries: readonly TraceEntry[]): void {
    let nowMs = 0;
    for (const entry of entries) {
      this.#stage.clock.advance(Math.max(entry.atMs - nowMs, 0));
      nowMs = Math.max(entry.atMs, nowMs);
      if (entry.kind === 'TCP') this.#stage.lose(this.#client);
      else if (entry.from.startsWith('drachtio')) this.#expect(entry);
      else if (entry.to.startsWith('drachtio')) this.#play(entry);
    }
    this.#expectNothingLeft();
    expect(this.#client.frames.map(String), 'frames too many').toEqual([]);
    expect(
      this.#stage.sent.map(({ bytes }) => String(bytes)),
      'messages too many',
    ).toEqual([]);
  }

  /** Once every timer has run out, the server holds nothing of the call any more. */
  #expectNothingLeft(): void {
    this.#stage.clock.advance(LONGEST_TIMER_MS);
    expect(this.#stage.held()).toEqual({
      dialogs: 0,
      incoming: 0,
      outgoing: 0,
      client: 0,
      server: 0,
      timers: 0,
    });
  }

  #play(entry: TraceEntry): void {
    const text = this.#likeness.translate(entry.bytes.toString());
    if (entry.kind === 'CTL') this.#stage.command(this.#client, text);
    else this.#stage.receive(text, PORTS[entry.from] ?? 0);
  }

  #expect(entry: TraceEntry): void {
    if (entry.kind === 'CTL') {
      const frame = this.#client.frames.shift();
      expect(frame, `no frame for\n${entry.bytes.toString()}`).toBeDefined();
      expect(this.#likeness.compareFrames(entry.bytes, frame ?? Buffer.alloc(0))).toBeUndefined();
      return;
    }
    const port = PORTS[entry.to] ?? 0;
    const index = this.#stage.sent.findIndex((sent) => sent.port === port);
    const [sent] = index < 0 ? [] : this.#stage.sent.splice(index, 1);
    expect(sent, `nothing sent for\n${entry.bytes.toString()}`).toBeDefined();
    expect(this.#likeness.compareSip(entry.bytes, sent?.bytes ?? Buffer.alloc(0))).toBeUndefined();
  }
}

describe('says what the real drachtio-server said', () => {
  it.each(TRACES)('%s', (name) => {
    new Replay(name).run(readTrace(name));
  });
});
