// `memoize` holds the contract of functools.lru_cache.
import { describe } from 'vitest';
import { memoize } from '../../src/compute/memoize.ts';
import { lruCacheCases } from '../cases/lru-cache.cases.ts';

describe('memoize', () => {
  lruCacheCases((options) => {
    let runs = 0;
    const memo = memoize((...args: unknown[]): unknown[] => {
      runs++;
      if (args[0] === 'throw') throw new Error('asked to throw');
      return args;
    }, options);
    return {
      call: async (...args) => memo(...args),
      computations: async () => runs,
      info: memo.cacheInfo,
      parameters: memo.cacheParameters,
      clear: async () => memo.cacheClear(),
    };
  });
});
