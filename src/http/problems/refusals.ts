import type { OfficeRefusal } from '../../engine/ticket-office.ts';
import type { ProblemName } from './catalogue.ts';
import { Problem } from './problem.ts';

type RefusalName = OfficeRefusal['refused'];

const NAMES: Readonly<Record<RefusalName, ProblemName>> = {
  unknownQueue: 'unknown-queue',
  unknownDnis: 'unknown-number-dialled',
  registeringOff: 'registering-off',
  tooManyTickets: 'too-many-tickets',
  slotTaken: 'slot-taken',
  number: 'number-refused',
  notWaiting: 'not-waiting',
  unknownTicket: 'unknown-ticket',
  alreadyBooked: 'already-booked',
};

/** What the office granted. @throws Problem if it refused */
export function granted<View extends object>(answer: View | OfficeRefusal): View {
  if (!isRefusal(answer)) return answer;
  throw new Problem(NAMES[answer.refused], {
    ...('rule' in answer ? { rule: answer.rule } : {}),
    ...('ticket' in answer ? { ticket: answer.ticket } : {}),
    ...('state' in answer ? { state: answer.state } : {}),
  });
}

function isRefusal(answer: object): answer is OfficeRefusal {
  return 'refused' in answer;
}
