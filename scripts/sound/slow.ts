import { produce, type Tool } from './engine.ts';

/** Speed of slow speech against the normal one. */
const SPEED = 0.8;

/** How slow sounds are made, as their manifest names it. */
export const SLOW_RECIPE = `sox tempo ${SPEED}`;

/** Stretches by overlapping pieces (WSOLA), tuned for speech, so that the pitch stays; never dithers. */
const SOX: Tool = {
  command: 'sox',
  package: 'sox',
  argumentsFor: (input, output) => ['-D', input, output, 'tempo', '-s', `${SPEED}`],
};

/** A WAV file said more slowly, at the same pitch. @throws Error if sox is missing or fails */
export async function slowedDown(file: Buffer): Promise<Buffer> {
  return await produce(SOX, file);
}
