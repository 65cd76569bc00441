import type { Channel } from './channel.ts';

/** Every channel alive, by its UUID, and how many there have been. */
export class ChannelRegistry {
  readonly #channels = new Map<string, Channel>();
  #sinceStart = 0;
  #peak = 0;

  get size(): number {
    return this.#channels.size;
  }

  get sinceStart(): number {
    return this.#sinceStart;
  }

  get peak(): number {
    return this.#peak;
  }

  nextSessionId(): number {
    return ++this.#sinceStart;
  }

  add(channel: Channel): void {
    this.#channels.set(channel.uuid, channel);
    this.#peak = Math.max(this.#peak, this.#channels.size);
  }

  remove(channel: Channel): void {
    this.#channels.delete(channel.uuid);
  }

  get(uuid: string): Channel | undefined {
    return this.#channels.get(uuid);
  }

  values(): IterableIterator<Channel> {
    return this.#channels.values();
  }
}
