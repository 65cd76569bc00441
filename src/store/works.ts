import type { Change } from '../engine/ports.ts';
import { saveAgentPresence } from './agents.ts';
import { saveApiKey } from './api-keys.ts';
import { saveCall } from './calls.ts';
import { saveDelivery } from './deliveries.ts';
import type { Work, Write } from './group-commit.ts';
import { saveIdempotentRequest } from './idempotency-keys.ts';
import { prepareFact } from './ledger/ledger.ts';
import { saveMemory } from './memories.ts';
import type { NumberCipher } from './number-cipher.ts';
import { saveOptOut } from './opt-outs.ts';
import { saveSwitch } from './queue-switches.ts';
import { saveRecording } from './recordings.ts';
import { saveTicket } from './tickets.ts';

/** Turns changes into rows at once, so that an invalid one fails alone. @throws StoreFailure */
export function workOf(changes: readonly Change[], cipher: NumberCipher): Work {
  const writes: Write[] = [];
  const facts: Work['facts'][number][] = [];
  for (const change of changes) {
    if (change.kind === 'fact') facts.push(prepareFact(change.fact));
    else writes.push(writeOf(change, cipher));
  }
  return { writes, facts };
}

function writeOf(change: Exclude<Change, { kind: 'fact' }>, cipher: NumberCipher): Write {
  switch (change.kind) {
    case 'ticket':
      return saveTicket(change.ticket, cipher);
    case 'call':
      return saveCall(change.call, cipher);
    case 'recording':
      return saveRecording(change.recording);
    case 'agent':
      return saveAgentPresence(change.agentId, change.presence);
    case 'switch':
      return saveSwitch(change.turned);
    case 'memory':
      return saveMemory(change.name, change.value);
    case 'outbox':
      return saveDelivery(change.delivery);
    case 'apiKey':
      return saveApiKey(change.key);
    case 'idempotencyKey':
      return saveIdempotentRequest(change.request);
    case 'optOut':
      return saveOptOut(change.number, change.out, change.at, cipher);
  }
}
