// Which functions are refused for ending threads, and for how long.
import { expect, test } from 'vitest';
import { CrashRecord } from '../../src/dispatch/crashes.ts';
import { PoolError } from '../../src/errors.ts';

const error = new PoolError('ERR_WORKER_EXIT', 'f exited.');

/** A record whose clock a test turns. */
class Bench {
  nowMs = 0;
  readonly record = new CrashRecord(() => this.nowMs);

  crash(times: number, name = 'f', isLate = false): boolean[] {
    return Array.from({ length: times }, () => this.record.add({ name, error, isLate }));
  }

  get code(): string | undefined {
    return this.record.refusal('f')?.code;
  }
}

test('the fifth crash within ten seconds has a function refused for thirty; no other is', () => {
  const bench = new Bench();
  expect(bench.crash(5)).toEqual([false, false, false, false, true]);
  expect(bench.code).toBe('ERR_FUNCTION_CRASHING');
  expect(bench.record.refusal('g')).toBeUndefined();
  bench.nowMs = 29_999;
  expect(bench.code).toBe('ERR_FUNCTION_CRASHING');
  bench.nowMs = 30_000;
  expect(bench.code).toBeUndefined();
  expect(bench.crash(4)).not.toContain(true);
  expect(bench.crash(1)).toEqual([true]);
});

test('crashes that lie further apart have nothing refused', () => {
  const bench = new Bench();
  for (let n = 0; n < 100; n++, bench.nowMs += 2501) expect(bench.crash(1)).toEqual([false]);
});

test('an answer in between begins the count anew, unless the crashes come after the answers', () => {
  const bench = new Bench();
  for (let n = 0; n < 100; n++, bench.record.clear('f')) expect(bench.crash(4)).not.toContain(true);
  for (let n = 0; n < 4; n++, bench.record.clear('f')) expect(bench.crash(1, 'f', true)).toEqual([false]);
  expect(bench.crash(1, 'f', true)).toEqual([true]);
});

test('a module that ends its threads while it is imported keeps its code', () => {
  const bench = new Bench();
  const load = new PoolError('ERR_MODULE_LOAD', 'exits');
  for (let n = 0; n < 5; n++) bench.record.add({ name: 'f', error: load, isLate: false });
  expect(bench.record.refusal('f')).toMatchObject({ code: 'ERR_MODULE_LOAD', cause: load });
});

test('the names of crashing functions are bounded: the one that crashed last the longest ago is forgotten', () => {
  const bench = new Bench();
  bench.crash(5);
  for (let n = 0; n < 1000; n++) bench.crash(1, `other ${n}`);
  expect(bench.code).toBeUndefined();
});
