import { type Comparison, LineWorld } from './line-world.ts';
import type { Scenario } from './scenario.ts';

/** Errors of all estimators over the same waits, in square seconds, and the band's hits. */
export interface Score {
  readonly name: string;
  readonly count: number;
  readonly waitSeconds: number;
  readonly ours: number;
  readonly ideal: number;
  readonly headOfLine: number;
  readonly lastServed: number;
  readonly covered: number;
}

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

const NOTHING: Score = {
  name: '',
  count: 0,
  waitSeconds: 0,
  ours: 0,
  ideal: 0,
  headOfLine: 0,
  lastServed: 0,
  covered: 0,
};

/** Callers after whom a queue is measured well enough to be judged. */
const LEARNING_ARRIVALS = 10_000;

/** Runs a scenario and adds everybody up who waited and was served. */
export function scoreScenario(scenario: Scenario, seed: number): Score {
  const score = { ...NOTHING, name: scenario.name };
  const world = new LineWorld(scenario, seed, (comparison) => {
    if (comparison.arrival > LEARNING_ARRIVALS) count(score, comparison);
  });
  world.run();
  return score;
}

/** All of them as one. */
export function addScores(name: string, scores: readonly Score[]): Score {
  const sum = (value: (score: Score) => number): number =>
    scores.reduce((total, score) => total + value(score), 0);
  return {
    name,
    count: sum((score) => score.count),
    waitSeconds: sum((score) => score.waitSeconds),
    ours: sum((score) => score.ours),
    ideal: sum((score) => score.ideal),
    headOfLine: sum((score) => score.headOfLine),
    lastServed: sum((score) => score.lastServed),
    covered: sum((score) => score.covered),
  };
}

function count(score: Mutable<Score>, { waitSeconds, ours, ...others }: Comparison): void {
  score.count += 1;
  score.waitSeconds += waitSeconds;
  score.ours += (ours.seconds - waitSeconds) ** 2;
  score.ideal += (others.ideal - waitSeconds) ** 2;
  score.headOfLine += (others.headOfLine - waitSeconds) ** 2;
  score.lastServed += (others.lastServed - waitSeconds) ** 2;
  score.covered += Number(ours.lowSeconds <= waitSeconds && waitSeconds <= ours.highSeconds);
}

/** A table for people: one line a score. */
export function scoreTable(scores: readonly Score[]): string {
  const columns = [
    'waits',
    'mean wait',
    'rmse',
    'MSE/ideal',
    'HOL/ideal',
    'LES/ideal',
    '80 % band',
  ];
  const width = Math.max(...scores.map(({ name }) => name.length));
  const head = ['seconds; MSE over that of ideal QL'.padEnd(width), ...columns];
  const rows = scores.map((score) => [
    score.name.padEnd(width),
    String(score.count),
    (score.waitSeconds / score.count).toFixed(0),
    Math.sqrt(score.ours / score.count).toFixed(0),
    (score.ours / score.ideal).toFixed(3),
    (score.headOfLine / score.ideal).toFixed(2),
    (score.lastServed / score.ideal).toFixed(2),
    (score.covered / score.count).toFixed(3),
  ]);
  return [head, ...rows]
    .map(([name = '', ...cells]) => [name, ...cells.map((cell) => cell.padStart(10))].join(' '))
    .join('\n');
}
