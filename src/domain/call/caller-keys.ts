import type { QueueId } from '../ids.ts';
import type { Key } from '../ivr/keys.ts';
import { type UniversalKeys, USUAL_KEYS } from '../ivr/listener.ts';
import type { CallerContext, CallerState } from './caller.ts';

/** Pressed on hold, it leads to the offer. */
export function offerKey(queue: QueueId, context: CallerContext): Key | undefined {
  return context.queues.get(queue)?.callback.offer.key;
}

/** Keys that mean the same everywhere, as far as they do where the caller is. */
export function universalKeys(state: CallerState, context: CallerContext): Partial<UniversalKeys> {
  const { repeat, slower, person } = USUAL_KEYS;
  switch (state.phase) {
    case 'menu':
      return state.menu.menu.universalKeys;
    case 'repeat':
      return state.repeat.step === 'choice' ? { repeat, slower, person } : {};
    case 'offer':
      // A star or a pound sign belongs to a number that is being keyed.
      return 'digits' in state.offer && state.offer.digits !== '' ? {} : { repeat, slower };
    case 'holding': {
      const taken = offerKey(state.queue, context);
      return {
        ...(taken === repeat ? {} : { repeat }),
        ...(taken === slower ? {} : { slower }),
      };
    }
    case 'lastWords':
      return { repeat, slower };
    case 'arriving':
    case 'changingTicket':
    case 'joining':
    case 'saving':
    case 'savingUnheard':
    case 'ringing':
    case 'talking':
    case 'ended':
      return {};
  }
}
