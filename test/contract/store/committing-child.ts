import { createStore } from '../../../src/store/store.ts';
import { registration } from './records.ts';

/**
 * Commits tickets 1, 2, 3 … to the file named on the command line, several at once, and prints
 * each number once its commit has resolved. Runs until it is killed.
 */
async function commitUntilKilled(file: string): Promise<void> {
  const store = await createStore({ file });
  let last = (await store.lastArrival()).arrivalSequence;
  const print = (n: number) => process.stdout.write(`${n}\n`);
  for (;;) {
    const numbers = Array.from({ length: 1 + (last % 7) }, (_, index) => last + index + 1);
    await Promise.all(numbers.map((n) => store.commit(registration(n)).then(() => print(n))));
    last += numbers.length;
  }
}

await commitUntilKilled(process.argv[2] ?? '');
