// The pool's front cache holds the contract of functools.lru_cache, on a real worker.
import { describe } from 'vitest';
import { createPool } from '../../src/index.ts';
import { lruCacheCases } from '../cases/lru-cache.cases.ts';
import { closing, moduleUrl } from '../fixtures/pools.ts';

describe('the front cache', () => {
  lruCacheCases((options) => {
    const pool = closing(
      createPool<typeof import('../fixtures/modules/echo.ts')>({
        workers: 1,
        functions: moduleUrl('echo.ts'),
        ...options,
      }),
    );
    let questions = 0;
    return {
      call: (...args) => pool.run('echo', args),
      computations: () => pool.run('runsOfEcho', [questions++]),
      info: () => pool.cacheInfo('echo'),
      parameters: () => pool.cacheParameters(),
      clear: () => pool.cacheClear(),
    };
  });
});
