import { USUAL_CALLBACKS } from '../../../src/domain/callback/settings.ts';
import type { Slot } from '../../../src/domain/callback/ticket.ts';
import type { TicketId } from '../../../src/domain/ids.ts';
import type { QueueSettings } from '../../../src/domain/queue/settings.ts';
import type { OfficeRequest, TicketView } from '../../../src/engine/ticket-office.ts';
import { Stage } from './stage.ts';

export const REQUEST: OfficeRequest = {
  queue: 'refunds',
  number: '(202) 555-0123',
  dnis: '+18005550100',
  language: 'en',
  isTty: false,
  slot: undefined,
  promptVersion: 'form 7',
};
const QUARTER_MS = 15 * 60_000;

/** Slots of a quarter of an hour, for two customers each; at most three tickets in line. */
export const WITH_SLOTS: Partial<QueueSettings> = {
  expectedHandleSeconds: 300,
  callback: {
    ...USUAL_CALLBACKS,
    offer: { ...USUAL_CALLBACKS.offer, maxOpenTickets: 3 },
    slots: {
      minutes: 15,
      bookableShare: 0.34,
      horizonHours: 4,
      forecast: [
        {
          days: ['thu', 'fri'],
          fromMinute: 0,
          toMinute: 1440,
          agents: 2,
        },
      ],
    },
  },
};

export async function opened(queue: Partial<QueueSettings> = WITH_SLOTS): Promise<Stage> {
  const stage = new Stage(1, queue);
  await stage.engine.start();
  return stage;
}

export async function created(
  stage: Stage,
  change: Partial<OfficeRequest> = {},
): Promise<TicketView> {
  const answer = await stage.engine.office.create({ ...REQUEST, ...change });
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  return answer;
}

export async function several(stage: Stage, count: number): Promise<readonly TicketId[]> {
  const ids: TicketId[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    ids.push((await created(stage, { number: `202555011${nth}` })).ticket.id);
    await stage.pass(0.1);
  }
  return ids;
}

export function order(stage: Stage): readonly TicketId[] {
  const page = { after: undefined, limit: 100 };
  return stage.engine.office.list('refunds', page).map(({ ticket }) => ticket.id);
}

/** The stage's clock begins 1,000 seconds after midnight. */
export function slotAt(quarter: number): Slot {
  return { from: quarter * QUARTER_MS, to: (quarter + 1) * QUARTER_MS };
}
