import type { MediaContext } from '../context.ts';
import { Conference } from './conference.ts';

/** Every conference going on, by its name; member numbers are the server's, not the conference's. */
export class ConferenceRegistry {
  readonly #conferences = new Map<string, Conference>();
  readonly #memberIds = new WeakMap<object, number>();
  #lastMemberId = 0;

  get size(): number {
    return this.#conferences.size;
  }

  get(name: string): Conference | undefined {
    return this.#conferences.get(name);
  }

  values(): IterableIterator<Conference> {
    return this.#conferences.values();
  }

  /** The number of a channel in any conference; it keeps it when it joins another. */
  memberIdFor(channel: object): number {
    const known = this.#memberIds.get(channel);
    if (known !== undefined) return known;
    this.#lastMemberId++;
    this.#memberIds.set(channel, this.#lastMemberId);
    return this.#lastMemberId;
  }

  create(context: MediaContext, name: string, profile: string): Conference {
    const conference = new Conference(context, name, profile, () => this.#conferences.delete(name));
    this.#conferences.set(name, conference);
    conference.announce('create', { Action: 'conference-create' });
    return conference;
  }
}
