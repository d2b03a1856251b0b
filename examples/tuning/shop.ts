// What a shop computes on request, for trying out `memopool tune`: quotes, and how alike two names are.
import { memoize } from 'memopool/memoize';

/** Some quarter of a millisecond of work. */
export function quote(customer: number): number {
  let price = customer;
  for (let step = 0; step < 300_000; step++) price = (Math.imul(price, 1664525) + 1013904223) >>> 0;
  return price;
}

const ONE = 'the quick brown fox jumps over';
const OTHER = 'a lazy dog sleeps in the sun, so';

/** The edit distance of the first `i` letters of one text and the first `j` of the other. */
export const distance: (i: number, j: number) => number = memoize(
  (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const [left, up, corner] = [distance(i, j - 1), distance(i - 1, j), distance(i - 1, j - 1)];
    return Math.min(left + 1, up + 1, corner + (ONE[i - 1] === OTHER[j - 1] ? 0 : 1));
  },
  { maxsize: 58 },
);
