let counter = 0;

/** A name nobody used before in this run. */
export function fresh(prefix: string): string {
  counter += 1;
  return `${prefix}${counter}`;
}
