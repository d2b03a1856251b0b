// Two small integers as one, the key of calls such as `paths(16, 9)`: a fifth of what their text costs to make and to
// find (bench/keys, "two small integers"). The one is of 32 bits, because a Map hashes larger numbers several times
// slower.
const LEAST = -1024;
const SIDE = 2 ** 15;

// The packed pairs, SIDE * SIDE of them, are the integers from here on, where a lone argument hardly ever is.
const FIRST_PACKED = -(2 ** 31);
const END_OF_PACKED = FIRST_PACKED + SIDE * SIDE;

/** One integer for each pair of integers from -1024 to 31,743; undefined for anything else. */
export function packPair(first: unknown, second: unknown): number | undefined {
  if (!isSmallInteger(first) || !isSmallInteger(second)) return undefined;
  return FIRST_PACKED + (first - LEAST) * SIDE + (second - LEAST);
}

/** Whether a number may be a packed pair, so that as a lone argument it needs another key. */
export function mayBePacked(value: number): boolean {
  return value < END_OF_PACKED && value >= FIRST_PACKED;
}

function isSmallInteger(value: unknown): value is number {
  return typeof value === 'number' && value >= LEAST && value < LEAST + SIDE && Number.isInteger(value);
}
