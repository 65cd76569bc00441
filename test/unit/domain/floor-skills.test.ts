import { describe, expect, test } from 'vitest';
import { Told } from './told-floor.ts';

const ANNA = { skills: [] };
const SOFIA = { skills: ['es'] };
const TERESA = { skills: ['es', 'tty'] };

describe('skills', () => {
  test('who needs one waits for an agent who has it, and is passed with that as the reason', () => {
    const told = new Told({ anna: ANNA, sofia: SOFIA });
    told.holder('1', 'refunds', ['es']).holder('2').ready('anna');
    expect(told.assignments).toEqual(['anna:call-2']);
    expect(told.lastAssigned?.overtook).toEqual({ count: 1, unexplained: 0 });
    told.ready('sofia');
    expect(told.assignments).toEqual(['anna:call-2', 'sofia:call-1']);
  });

  test('an agent with skills serves who needs none, in turn', () => {
    const told = new Told({ sofia: SOFIA });
    told.holder('1').holder('2', 'refunds', ['es']).ready('sofia');
    expect(told.assignments).toEqual(['sofia:call-1']);
  });

  test('all that are needed must be had', () => {
    const told = new Told({ sofia: SOFIA, teresa: TERESA }).ready('sofia');
    told.holder('1', 'refunds', ['tty', 'es']);
    expect(told.assignments).toEqual([]);
    told.ready('teresa');
    expect(told.assignments).toEqual(['teresa:call-1']);
  });

  test('one that nobody of the queue has is not waited for: somebody is better than nobody', () => {
    const told = new Told({ anna: ANNA, sofia: { skills: ['es'], queues: ['general'] } });
    told.ready('anna').ready('sofia').holder('1', 'refunds', ['es']);
    expect(told.assignments).toEqual(['anna:call-1']);
  });

  test('one that nobody at work has, but somebody of the queue, is waited for', () => {
    const told = new Told({ anna: ANNA, sofia: SOFIA }).ready('anna');
    told.holder('1', 'refunds', ['es']);
    expect(told.assignments).toEqual([]);
  });
});

describe('levels', () => {
  const level = (refunds: number) => ({ levels: new Map([['refunds', refunds]]) });

  test('the best suited is asked first, though another has been idle longer', () => {
    const told = new Told({ anna: level(2), sofia: level(1) }).ready('anna').ready('sofia');
    told.holder('1').holder('2');
    expect(told.assignments).toEqual(['sofia:call-1', 'anna:call-2']);
  });

  test('of equals the longest idle', () => {
    const told = new Told({ anna: level(1), sofia: level(1) }).ready('sofia').ready('anna');
    expect(told.holder('1').assignments).toEqual(['sofia:call-1']);
  });

  test('nobody waits for a better one who is busy', () => {
    const told = new Told({ anna: level(2), sofia: level(1) }).ready('sofia').holder('1');
    told.ready('anna').holder('2');
    expect(told.assignments).toEqual(['sofia:call-1', 'anna:call-2']);
  });

  test('the level is that for the queue of the caller', () => {
    const told = new Told({
      anna: {
        queues: ['refunds', 'general'],
        levels: new Map([
          ['refunds', 1],
          ['general', 3],
        ]),
      },
      sofia: {
        queues: ['refunds', 'general'],
        levels: new Map([
          ['refunds', 2],
          ['general', 1],
        ]),
      },
    });
    told.ready('anna').ready('sofia').holder('1', 'general').holder('2', 'refunds');
    expect(told.assignments).toEqual(['sofia:call-1', 'anna:call-2']);
  });
});
