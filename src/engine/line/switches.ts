import type { QueueId } from '../../domain/ids.ts';
import type { TurnedSwitch } from '../ports.ts';
import type { Services } from '../services.ts';
import type { QueueSwitch } from '../ticket-office.ts';

/** The switches of queues: as somebody turned them last, else as configured. */
export class Switches {
  readonly #services: Services;
  readonly #turned = new Map<string, boolean>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Takes up what was turned before a stop. @throws StoreFailure */
  async load(): Promise<void> {
    for (const { queue, which, on } of await this.#services.store.turnedSwitches()) {
      if (on !== undefined) this.#turned.set(keyOf(queue, which), on);
    }
  }

  isOn(queue: QueueId, which: QueueSwitch): boolean {
    const turned = this.#turned.get(keyOf(queue, which));
    return turned ?? this.#services.plan().queues.get(queue)?.callback[which] ?? true;
  }

  /** Counts once it is on disk. @throws StoreFailure */
  async turn(turned: TurnedSwitch): Promise<void> {
    const { queue, which, on, reason, at } = turned;
    const detail = { queue, which, on: on ?? 'configured', reason };
    const fact = { at, about: queue, what: 'switchTurned', detail };
    await this.#services.store.commit([
      { kind: 'switch', turned },
      { kind: 'fact', fact },
    ]);
    if (on === undefined) this.#turned.delete(keyOf(queue, which));
    else this.#turned.set(keyOf(queue, which), on);
  }
}

function keyOf(queue: QueueId, which: QueueSwitch): string {
  return `${which} ${queue}`;
}
