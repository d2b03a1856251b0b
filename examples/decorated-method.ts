import { memoize } from 'memopool/memoize';

class Grid {
  readonly #blocked: Set<string>;

  constructor(blocked: readonly string[]) {
    this.#blocked = new Set(blocked);
  }

  // Every grid has a memo of its own, which goes with it.
  @memoize({ maxsize: null })
  paths(x: number, y: number): bigint {
    if (this.#blocked.has(`${x},${y}`)) return 0n;
    if (x === 0 && y === 0) return 1n;
    return (x > 0 ? this.paths(x - 1, y) : 0n) + (y > 0 ? this.paths(x, y - 1) : 0n);
  }
}

console.log(new Grid([]).paths(16, 16)); // 601080390n
console.log(new Grid(['8,8']).paths(16, 16)); // 435443490n
