const MAX_LISTED = 12;
const MAX_COMPARED = 100;

/** The candidate that was probably meant by `text`, if one is near enough. */
export function suggest(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  if (wanted.length > MAX_COMPARED) return undefined;
  let best: string | undefined;
  let bestDistance = mostDistance(wanted) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** What one may choose from, with what was probably meant: `general, refunds (did you mean refunds?)`. */
export function listNames(text: string, names: readonly string[]): string {
  const meant = suggest(text, names);
  if (names.length === 0) return 'none is defined';
  if (names.length <= MAX_LISTED) {
    return `${names.join(', ')}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`;
  }
  if (meant !== undefined) return `${meant} was probably meant, of ${names.length} names`;
  const more = `and ${names.length - MAX_LISTED} more`;
  return [...names.slice(0, MAX_LISTED), more].join(', ');
}

/** Letters that may differ: none in one or two, then one in three. */
function mostDistance(wanted: string): number {
  return Math.floor(wanted.length / 3);
}

/** Letters inserted, left out, changed, or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next.push(
        Math.min(
          at(last, column) + 1,
          at(next, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
