// The longest common subsequence of two texts.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { codePoints } from './code-points.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';
import { commonOf } from './parallel/lcs-blocks.ts';

/**
 * A longest common subsequence of `a` and `b`: the text itself, so its length is `[...lcs(a, b)].length`.
 * Of several it is always the same one. Code points, not UTF-16 code units.
 *
 * Domain: texts of at most 2^24 code units whose lengths multiply to at most 2^32, which takes seconds; for texts
 * with lone surrogates, two halves may meet in the result. Recursive, by Hirschberg's division: `a` in halves, `b`
 * where the lengths for both halves add up to the most; twice the time of the table of lengths, in the memory of
 * one row, 32 rows at a time (parallel/lcs-kernel). A pool computes long texts by blocks, on all workers. Source:
 * Hirschberg, Comm. ACM 18 (1975).
 *
 * @example lcs('AGGTAB', 'GXTXAYB') === 'GTAB'
 * @throws PoolError ERR_ARGUMENT
 */
export const lcs: Memoized<(a: string, b: string) => string> = memoize((a: string, b: string): string => {
  domains.lcs([a, b]);
  const [one, other] = [codePoints(a), codePoints(b)];
  if (a.length * b.length >= LEAST_SWEPT) return textOf(commonOf(one, other));
  const common: number[] = [];
  collect(one, other, common);
  return textOf(common);
}, RESULTS);

// Below, the tables of the kernel take more than its words save.
const LEAST_SWEPT = 1024;

export function textOf(points: Iterable<number>): string {
  let text = '';
  for (const point of points) text += String.fromCodePoint(point);
  return text;
}

function collect(a: Uint32Array, b: Uint32Array, common: number[]): void {
  if (a.length === 0 || b.length === 0) return;
  const [only] = a;
  if (a.length === 1 && only !== undefined) {
    if (b.includes(only)) common.push(only);
    return;
  }
  const half = Math.floor(a.length / 2);
  const cut = bestCut(
    lengths(a.subarray(0, half), b),
    lengths(a.subarray(half).toReversed(), b.toReversed()),
  );
  collect(a.subarray(0, half), b.subarray(0, cut), common);
  collect(a.subarray(half), b.subarray(cut), common);
}

/** The lengths for `a` with the first j of `b`, for j from 0 to all. */
function lengths(a: Uint32Array, b: Uint32Array): Uint32Array {
  const row = new Uint32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    let diagonal = 0;
    let left = 0;
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1] ?? 0;
      left = a[i] === b[j] ? diagonal + 1 : Math.max(above, left);
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row;
}

function bestCut(before: Uint32Array, after: Uint32Array): number {
  let best = -1;
  let cut = 0;
  for (let j = 0; j < before.length; j++) {
    const sum = (before[j] ?? 0) + (after[before.length - 1 - j] ?? 0);
    if (sum <= best) continue;
    best = sum;
    cut = j;
  }
  return cut;
}
