// Two texts in numbers that index a table: what the bit-parallel kernels read.

/** The letters of two texts by number: 1 and up for those of `a`, 0 for what only `b` has. */
export interface Lettered {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** Every letter is below it. */
  readonly letters: number;
}

/** Numbers the code points of two texts in the order in which `a` has them. */
export function numberLetters(a: Uint32Array, b: Uint32Array): Lettered {
  const numbers = new Map<number, number>();
  const numbered = a.map((point) => {
    const known = numbers.get(point) ?? numbers.size + 1;
    numbers.set(point, known);
    return known;
  });
  return { a: numbered, b: b.map((point) => numbers.get(point) ?? 0), letters: numbers.size + 1 };
}
