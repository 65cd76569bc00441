import type { KnownSounds } from '../protocol/audio/recogniser.ts';
import type { MediaClock, RtpPorts } from '../switch/rtp/types.ts';
import type { Hop } from '../switch/sip/hop.ts';
import type { Ladder } from './ladder.ts';
import type { PhoneCall } from './softphone/phone-call.ts';
import { SoftPhone } from './softphone/soft-phone.ts';
import type { Watch } from './watch.ts';

/** Who takes part; each is recognised by the tone of their voice. */
export const PEOPLE = {
  dan: { name: 'Dan', number: '12025550140', voiceHz: 400 },
  ann: { name: 'Ann', number: '12025550141', voiceHz: 500 },
  ben: { name: 'Ben', number: '12025550142', voiceHz: 600 },
  cho: { name: 'Cho', number: '12025550143', voiceHz: 750 },
} as const;
/** The offer asks in two parts. */
const OFFER = ['offer-use-ani-intro', 'offer-use-ani-keys'];
/** Where Ben wants to be called back. */
const BENS_OTHER_NUMBER = '2125550144';
export const AGENT = { name: 'Alice', voiceHz: 1000 } as const;
export const LINEKEEPER = 'Server';

type Person = (typeof PEOPLE)[keyof typeof PEOPLE];

/** What the story plays on. */
export interface Stage {
  readonly ladder: Ladder;
  readonly watch: Watch;
  readonly server: Hop;
  readonly carrierPort: number;
  readonly dialled: string;
  readonly agent: { readonly id: string; readonly secret: string; readonly readyCode: string };
  readonly clock: MediaClock;
  readonly rtpPorts: RtpPorts;
  /** The prompts, by which callers know what they hear. */
  readonly prompts: KnownSounds;
  /** What a prompt says. */
  readonly textOf: (prompt: string) => string;
}

/** Digits of a number without its country code, however the trunk wants it written. */
const NATIONAL_DIGITS = 10;

/** How long the two parties talk in the demo. */
const TALK_MS = 3_000;

/**
 * Somebody calls, three more wait in line: two by ticket, one on hold. Resolves when all were served;
 * when it rejects, or is given up, nobody is left on the telephone.
 */
export async function playStory(stage: Stage, signal: AbortSignal): Promise<void> {
  const cast = new Cast(stage);
  try {
    await Promise.race([play(stage, cast), givenUp(signal)]);
  } finally {
    await cast.goHome();
  }
}

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    });
  });
}

async function play(stage: Stage, cast: Cast): Promise<void> {
  await cast.agentSignsIn();
  const dansCall = await cast.danTalks();
  // One after another, so that their order of arrival is certain.
  const ann = cast.annTakesTheNumberShown();
  await stage.watch.joined(2);
  const ben = cast.benKeysAnotherNumber();
  await stage.watch.joined(3);
  const cho = cast.choHolds();
  await stage.watch.joined(4);
  await Promise.all([ann, ben]);
  stage.ladder.arrow(PEOPLE.dan.name, LINEKEEPER, 'hangs up: an agent frees up');
  dansCall.hangUp();
  await Promise.all([cho, stage.watch.conversations(4)]);
}

class Cast {
  readonly #stage: Stage;
  readonly #phones: SoftPhone[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async agentSignsIn(): Promise<void> {
    const { agent, ladder } = this.#stage;
    const phone = await this.#phone(AGENT, agent.id, agent.secret);
    phone.onCall((incoming) => {
      ladder.note(AGENT.name, 'her phone rings; she picks up');
      void incoming.answer().then((call) => {
        call.voice.speak(true);
      });
    });
    await phone.register();
    ladder.arrow(AGENT.name, LINEKEEPER, 'registers her phone (digest)');
    const call = await phone.call(agent.readyCode);
    await call.ended;
    ladder.arrow(AGENT.name, LINEKEEPER, `dials ${agent.readyCode}: ready`);
    await this.#carrier();
  }

  /** The first caller finds an agent free. */
  async danTalks(): Promise<PhoneCall> {
    const call = await this.#dial(PEOPLE.dan);
    await call.voice.hearsSound('main-menu');
    await this.#press(call, PEOPLE.dan, '1', 'presses 1 in the menu');
    await call.voice.hears(AGENT.voiceHz);
    call.voice.speak(true);
    this.#stage.ladder.arrow(PEOPLE.dan.name, AGENT.name, 'talk; all agents are busy now');
    return call;
  }

  async annTakesTheNumberShown(): Promise<void> {
    const call = await this.#dial(PEOPLE.ann);
    await this.#press(call, PEOPLE.ann, '1', 'presses 1 in the menu');
    await call.voice.hearsSound(...OFFER);
    await this.#press(call, PEOPLE.ann, '1', 'presses 1: yes, call me back');
    await call.ended;
  }

  async benKeysAnotherNumber(): Promise<void> {
    const call = await this.#dial(PEOPLE.ben);
    await this.#press(call, PEOPLE.ben, '1', 'presses 1 in the menu');
    await call.voice.hearsSound(...OFFER);
    await this.#press(call, PEOPLE.ben, '2', 'presses 2: another number');
    await call.voice.hearsSound('key-number');
    await this.#press(call, PEOPLE.ben, BENS_OTHER_NUMBER, 'keys 212 555 0144');
    await call.voice.hearsSound('confirm-number-intro', 'confirm-number-keys');
    await this.#press(call, PEOPLE.ben, '1', 'presses 1: that is right');
    await call.ended;
  }

  async choHolds(): Promise<void> {
    const { ladder } = this.#stage;
    const call = await this.#dial(PEOPLE.cho);
    await this.#press(call, PEOPLE.cho, '1', 'presses 1 in the menu');
    await call.voice.hearsSound(...OFFER);
    ladder.note(PEOPLE.cho.name, 'lets the offer pass, and holds');
    await call.voice.hears(AGENT.voiceHz);
    call.voice.speak(true);
    ladder.arrow(PEOPLE.cho.name, AGENT.name, 'talk');
    this.#talkThenHangUp(call, PEOPLE.cho);
    await call.ended;
  }

  async goHome(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()));
  }

  /** The carrier, who rings customers for us. */
  async #carrier(): Promise<void> {
    const { carrierPort, ladder } = this.#stage;
    const customers = new Map<string, Person>([
      [PEOPLE.ann.number.slice(-NATIONAL_DIGITS), PEOPLE.ann],
      [BENS_OTHER_NUMBER, PEOPLE.ben],
    ]);
    const answering: { name: string; voiceHz: number } = { ...PEOPLE.ann };
    const carrier = await this.#phone(answering, 'carrier', undefined, carrierPort);
    carrier.onCall((incoming) => {
      const person = customers.get(incoming.called.slice(-NATIONAL_DIGITS));
      if (person === undefined) {
        ladder.note(LINEKEEPER, 'calls a number that nobody gave');
        incoming.reject(404);
        return;
      }
      answering.name = person.name;
      ladder.arrow(LINEKEEPER, person.name, `calls back, showing ${incoming.caller}`);
      void incoming.answer().then(async (call) => {
        call.voice.retune(person.voiceHz);
        await call.voice.hearsSound('callback-keys');
        await this.#press(call, person, '1', 'presses 1: a person is here');
        await call.voice.hears(AGENT.voiceHz);
        call.voice.speak(true);
        ladder.arrow(person.name, AGENT.name, 'talk');
        this.#talkThenHangUp(call, person);
      });
    });
  }

  #talkThenHangUp(call: PhoneCall, person: Person): void {
    const timer = setTimeout(() => {
      this.#stage.ladder.arrow(person.name, LINEKEEPER, 'hangs up');
      call.hangUp();
    }, TALK_MS);
    void call.ended.then(() => {
      clearTimeout(timer);
    });
  }

  async #dial(person: Person): Promise<PhoneCall> {
    const { dialled, ladder } = this.#stage;
    const phone = await this.#phone(person, `+${person.number}`);
    ladder.arrow(person.name, LINEKEEPER, `calls ${dialled}`);
    const call = await phone.call(dialled);
    await call.voice.hearsSound('greeting', 'main-menu');
    return call;
  }

  async #press(call: PhoneCall, person: Person, keys: string, meaning: string): Promise<void> {
    this.#stage.ladder.arrow(person.name, LINEKEEPER, meaning);
    await call.press(keys);
  }

  /** What is told is what was recognised in the sound that really came. */
  #hears(listener: { readonly name: string }, prompt: string): void {
    const { ladder, textOf } = this.#stage;
    ladder.arrow(LINEKEEPER, listener.name, `"${shortened(textOf(prompt))}"`);
  }

  async #phone(
    listener: { readonly name: string; readonly voiceHz: number },
    user: string,
    secret?: string,
    port = 0,
  ): Promise<SoftPhone> {
    const { clock, rtpPorts, server } = this.#stage;
    const phone = await SoftPhone.open({
      user,
      ...(secret === undefined ? {} : { secret }),
      server,
      listen: { protocol: 'udp', address: '127.0.0.1', port },
      voiceHz: listener.voiceHz,
      clock,
      rtpPorts,
      prompts: this.#stage.prompts,
      onSound: (name) => {
        this.#hears(listener, name);
      },
    });
    this.#phones.push(phone);
    return phone;
  }
}

const MAX_TEXT = 44;

function shortened(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).trimEnd()}…`;
}
