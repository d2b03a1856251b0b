// A sum over a range, divided among the workers.
import { checkpoint, type Parallel, parallel } from 'memopool/worker';

/** How many pairs of whole numbers have a product of at most `n`, of those whose first one is in [from, to). */
export const pairsUpTo: Parallel<[n: number, from: number, to: number], number> = parallel({
  split: (n: number, from: number, to: number) => {
    const middle = Math.floor((from + to) / 2);
    return [
      [n, from, middle],
      [n, middle, to],
    ];
  },
  base: (n, from, to) => {
    let sum = 0;
    for (let i = from; i < to; i++) {
      sum += Math.floor(n / i);
      if (i % 1024 === 0) checkpoint(); // a caller who leaves ends it here
    }
    return sum;
  },
  combine: (left, right) => left + right,
  cost: (_, from, to) => to - from,
});
