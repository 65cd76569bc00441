import type { z } from 'zod';
import { StoreFailure } from './failure.ts';

type Scalar = string | number | boolean;

/** JSON with sorted names, so that equal details are equal bytes (in the manner of RFC 8785). */
export function canonicalJson(detail: Readonly<Record<string, Scalar>>): string {
  const names = Object.keys(detail).sort();
  return JSON.stringify(detail, names);
}

/**
 * Reads a JSON column.
 * @param place table, column and row, for the message
 * @throws StoreFailure `damaged`
 */
export function readJson<T>(text: string, shape: z.ZodType<T>, place: string): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreFailure('damaged', `store: ${place} cannot be read`, { cause: error });
  }
}
