import { expect, test } from 'vitest';
import type { TicketId } from '../../../src/domain/ids.ts';
import { NotKeptYet } from '../../../src/engine/ticket-office.ts';
import { created } from './office-stage.ts';
import { Stage } from './stage.ts';

/** A ticket in a store that takes no changes of tickets until it is healed. */
async function refusing() {
  let refuses = false;
  const stage = new Stage(1, {}, (store) => ({
    commit: (changes) =>
      refuses && changes.some(({ kind }) => kind === 'ticket')
        ? Promise.reject(new Error('database is locked'))
        : store.commit(changes),
  }));
  await stage.engine.start();
  const { ticket } = await created(stage);
  refuses = true;
  const heal = async () => {
    refuses = false;
    await stage.pass(6);
  };
  return { stage, id: ticket.id, office: stage.engine.office, heal };
}

test.each(['cancel', 'reschedule', 'move'] as const)(
  '%s counts though it can not be kept, and is kept later',
  async (act) => {
    const { stage, id, office, heal } = await refusing();
    const change = (ticket: TicketId) => {
      if (act === 'cancel') return office.cancel(ticket, 'api');
      if (act === 'move') return office.move(ticket, { to: 'front' }, 'why');
      return office.reschedule(ticket, undefined);
    };
    await expect(change(id)).rejects.toBeInstanceOf(NotKeptYet);
    const counts = (await office.find(id))?.ticket;
    expect(stage.store.tickets.get(id)).not.toEqual(counts);
    await heal();
    expect(stage.store.tickets.get(id)).toEqual(counts);
  },
);

test('a cancelled ticket is told as cancelled before and after it could be kept', async () => {
  const { id, office, heal } = await refusing();
  await expect(office.cancel(id, 'api')).rejects.toThrow('database is locked');
  const cancelled = { ticket: { state: { name: 'cancelled', by: 'api' } }, line: undefined };
  expect(await office.find(id)).toMatchObject(cancelled);
  expect(await office.cancel(id, 'api')).toEqual({ refused: 'notWaiting', state: 'cancelled' });
  await heal();
  expect(await office.find(id)).toMatchObject(cancelled);
});

test('a ticket that could not be made is none', async () => {
  const { stage, office } = await refusing();
  const made = created(stage, { number: '2025550124' });
  await expect(made).rejects.not.toBeInstanceOf(NotKeptYet);
  expect(office.list('refunds', { after: undefined, limit: 9 })).toHaveLength(1);
});
