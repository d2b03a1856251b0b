// The Levenshtein distance of two texts.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { codePoints } from './code-points.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';
import { editDistanceOf } from './parallel/edit-blocks.ts';

/**
 * The least number of insertions, deletions and replacements of one code point that turn `a` into `b`.
 * Code points, not UTF-16 code units: to put one emoji in the place of another is one replacement.
 *
 * Domain: texts of at most 2^24 code units whose lengths multiply to at most 2^32, which takes seconds.
 * With d(i, j) the distance of the first i of `a` and the first j of `b`,
 *
 *   d(i, j) = min(d(i-1, j) + 1, d(i, j-1) + 1, d(i-1, j-1) + (a[i] = b[j] ? 0 : 1))
 *
 * row by row in the memory of the shorter text, 32 rows at a time. Source: Wagner and Fischer, J. ACM 21 (1974); the
 * words of 32 cells see parallel/edit-kernel. A pool computes long texts by blocks, on all workers.
 *
 * @example editDistance('kitten', 'sitting') === 3
 * @throws PoolError ERR_ARGUMENT
 */
export const editDistance: Memoized<(a: string, b: string) => number> = memoize(
  (a: string, b: string): number => {
    domains.editDistance([a, b]);
    if (b.length > a.length) return editDistance(b, a);
    return editDistanceOf(codePoints(a), codePoints(b));
  },
  RESULTS,
);
