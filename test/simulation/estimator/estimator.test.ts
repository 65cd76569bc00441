import { describe, expect, test } from 'vitest';
import { SCENARIOS } from './scenario.ts';
import { addScores, type Score, scoreScenario, scoreTable } from './score.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const KINDS = [...new Set(SCENARIOS.map(({ kind }) => kind))];

describe(`estimated waits, SEED=${seed}`, () => {
  const scores: Score[] = [];
  const kinds: Score[] = [];

  test.each(KINDS)('are nearly as good as if every rate were known: %s', (kind) => {
    const ofKind = SCENARIOS.filter((scenario) => scenario.kind === kind).map((scenario) =>
      scoreScenario(scenario, seed),
    );
    const total = addScores(kind, ofKind);
    scores.push(...ofKind);
    kinds.push(total);
    expect(total.ours / total.ideal).toBeLessThan(1.1);
    expect(total.ours).toBeLessThan(0.7 * Math.min(total.headOfLine, total.lastServed));
  });

  test('lie in the 80 % band in eight of ten cases', () => {
    const all = addScores('all', kinds);
    process.stdout.write(`SEED=${seed}\n${scoreTable([...scores, ...kinds, all])}\n`);
    expect(all.covered / all.count).toBeGreaterThan(0.77);
    expect(all.covered / all.count).toBeLessThan(0.83);
  });
});
