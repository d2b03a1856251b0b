// Recordings of real pools: what is in the trace, what the curve says, and that nobody else notices.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { Random } from '../../src/curves/random.ts';
import { TRACE_KINDS, type Trace } from '../../src/curves/trace.ts';
import { createPool, type Pool, readTrace } from '../../src/index.ts';
import { temporaryDirectory } from '../cli/command.ts';
import { behavioursPool, closing, moduleUrl, rejection } from '../fixtures/pools.ts';

type Shares = typeof import('../fixtures/modules/shares.ts');
type Nesting = typeof import('../fixtures/modules/nesting.ts');

function newFile(name = 'trace.txt'): string {
  return join(temporaryDirectory(), name);
}

/** Kinds and functions, with a letter for each key in the order in which they came. */
function shown(trace: Trace): string[] {
  const letters = new Map<number, string>([[0, '*']]);
  return Array.from({ length: trace.length }, (_, row) => {
    const key = trace.keys[row] ?? 0;
    const letter = letters.get(key) ?? String.fromCharCode(96 + letters.size);
    letters.set(key, letter);
    return `${TRACE_KINDS[trace.kinds[row] ?? -1]} ${trace.functions[trace.functionOf[row] ?? -1]} ${letter}`;
  });
}

function countOf(trace: Trace, kind: (typeof TRACE_KINDS)[number]): number {
  return trace.kinds.subarray(0, trace.length).filter((place) => TRACE_KINDS[place] === kind).length;
}

describe('a recording', () => {
  test('has every event of a session, in order', async () => {
    const pool = closing(createPool({ workers: 1, maxsize: 2 }));
    const file = newFile();
    const recording = pool.record({ file });
    expect(recording.file).toBe(file);
    await pool.fn.lucas(10);
    await pool.fn.lucas(10);
    await Promise.all([pool.fn.bell(4), pool.fn.bell(4), pool.fn.bell(4)]);
    await pool.run('lucas', [10], { as: 'decimal' });
    await pool.map('lucas', [[10], [10]], { as: 'decimal' });
    await pool.cacheDelete('bell', [4]);
    const underWay = pool.fn.lucas(11);
    await pool.cacheDelete('lucas', [11]);
    await underWay;
    await pool.cacheClear();
    const failing = pool.run('bell', [-1] as unknown as [number]).catch(() => {});
    await failing;
    const summary = await recording.stop();
    await pool.fn.lucas(10);

    const trace = await readTrace(file);
    expect(shown(trace)).toEqual([
      'complete lucas a',
      'hit lucas a',
      'join bell b',
      'join bell b',
      'complete bell b',
      'complete lucas c',
      'evict lucas a',
      'hit lucas c',
      'hit lucas c',
      'delete bell b',
      'complete lucas d',
      'delete lucas d',
      'clear lucas *',
      'clear bell *',
    ]);
    expect(summary).toEqual({ file, events: 14, left: 0, bytes: readFileSync(file).length });
    expect(trace.header).toMatchObject({ maxsize: 2, maxBytes: 256 * 2 ** 20, workers: 1 });
    expect(Date.parse(trace.header?.startedAt ?? '')).toBeLessThanOrEqual(Date.now());
    const weighed = [0, 4, 5, 10];
    for (let row = 0; row < trace.length; row++) {
      expect((trace.bytes[row] ?? 0) > 100, `row ${row}`).toBe(weighed.includes(row));
      expect((trace.costsNs[row] ?? 0) > 0, `row ${row}`).toBe(weighed.includes(row));
      expect(trace.timesUs[row]).toBeGreaterThanOrEqual(trace.timesUs[row - 1] ?? 0);
    }
  });

  test('has what functions share, and the calls that it answered', async () => {
    const pool = closing(createPool<Shares>({ workers: 1, functions: moduleUrl('shares.ts') }));
    const file = newFile();
    const recording = pool.record({ file });
    await pool.fn.sum(5);
    for (let n = 0; n < 5; n++) await pool.fn.sum(n);
    await recording.stop();
    const trace = await readTrace(file);
    expect(countOf(trace, 'share')).toBe(5);
    expect([countOf(trace, 'complete'), countOf(trace, 'hit')]).toEqual([1, 5]);
    expect(new Set(trace.keys.subarray(0, trace.length)).size).toBe(6);
  });

  test('has the calls that calls make, as the counters have them', async () => {
    const pool = closing(createPool<Nesting>({ workers: 2, functions: moduleUrl('nesting.ts') }));
    const file = newFile('trace.gz');
    const recording = pool.record({ file });
    await pool.run('fork', [15]);
    await recording.stop();
    const trace = await readTrace(file);
    const { hits, misses, joins } = pool.cacheInfo();
    expect([countOf(trace, 'hit'), countOf(trace, 'join'), countOf(trace, 'complete')]).toEqual([
      hits,
      joins,
      misses,
    ]);
    expect(misses).toBe(16);
  });

  test('of a cache that keeps nothing has all its computations', async () => {
    const pool = closing(createPool({ workers: 1, maxsize: 0 }));
    const file = newFile();
    const recording = pool.record({ file });
    for (const n of [1, 2, 1]) await pool.fn.lucas(n);
    await recording.stop();
    expect(shown(await readTrace(file))).toEqual([
      'complete lucas a',
      'complete lucas b',
      'complete lucas a',
    ]);
    expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 3, currsize: 0 });
  });

  test('says nothing of arguments, and its keys are others in another recording', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const files = [newFile('first.txt'), newFile('second.txt')];
    for (const file of files) {
      const recording = pool.record({ file: pathToFileURL(file) });
      await pool.fn.editDistance('a secret word', 'another one');
      await recording.stop();
    }
    const [first, second] = await Promise.all(files.map((file) => readTrace(file)));
    expect(first?.keys[0]).not.toBe(second?.keys[0]);
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(/secret|another/);
  });

  test('is one at a time, and another may follow', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const file = newFile();
    const recording = pool.record({ file });
    expect(() => pool.record()).toThrow(/expected no other recording of this pool.*trace\.txt.*stop/);
    const stopped = recording.stop();
    const other = pool.record();
    await stopped;
    await pool.fn.lucas(1);
    expect([recording.events, other.events]).toEqual([0, 1]);
    expect(await other.stop()).toEqual({ file: undefined, events: 1, left: 0, bytes: 0 });
    expect(await other.stop()).toMatchObject({ events: 1 });
  });

  test('ends with its pool, after the calls that were under way', async () => {
    const pool = createPool({ workers: 1 });
    const file = newFile();
    pool.record({ file });
    const call = pool.fn.lucas(1000);
    await pool.close();
    await call;
    expect(shown(await readTrace(file))).toEqual(['complete lucas a']);
    expect(() => pool.record()).toThrow(/closed/);
  });

  test('ends with its block', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const file = newFile();
    const recording = pool.record({ file });
    await pool.fn.lucas(5);
    await recording[Symbol.asyncDispose]();
    expect(await readTrace(file)).not.toHaveProperty('isCut');
    expect(pool.stats().curve).toBeUndefined();
  });

  test.each([
    [{ file: '' }, /'file': expected the path or file: URL of a file, got ""/],
    [{ file: new URL('https://example.org/') }, /'file': .* got "https:/],
    [{ file: 5 }, /'file': .* got 5/],
    [{ maxFileBytes: 100 }, /'maxFileBytes': expected a whole number from 4096, got 100/],
    [{ maxFileBytes: Number.POSITIVE_INFINITY }, /'maxFileBytes'/],
    [{ force: 1 }, /'force': expected true or false, got 1/],
    [{ fil: 'x' }, /unknown option "fil"\. Did you mean 'file'/],
    [{ file: '/nowhere/at/all.txt' }, /there is no directory "\/nowhere\/at"/],
  ])('refuses %j at once, and none is on then', async (options, message) => {
    const pool = closing(createPool({ workers: 1 }));
    expect(() => pool.record(options as object)).toThrow(message);
    expect(() => pool.record(options as object)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
    expect(pool.stats().curve).toBeUndefined();
    await pool.record().stop();
  });

  test('replaces a file only when told to', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const file = newFile();
    writeFileSync(file, 'mine'.repeat(1000));
    expect(() => pool.record({ file })).toThrow(/exists already/);
    expect(readFileSync(file, 'utf8')).toMatch(/^mine/);
    await pool.record({ file, force: true }).stop();
    expect(await readTrace(file)).toMatchObject({ length: 0, left: 0 });
  });

  test('counts what is beyond its bound', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const file = newFile();
    const recording = pool.record({ file, maxFileBytes: 4096 });
    for (let call = 0; call < 500; call++) await pool.fn.lucas(1);
    const { events, left, bytes } = await recording.stop();
    expect(events + left).toBe(500);
    expect(left).toBeGreaterThan(100);
    expect(bytes).toBeLessThanOrEqual(4096);
    expect(await readTrace(file)).toMatchObject({ length: events, left });
  });

  test.runIf(existsSync('/dev/full'))('without space hurts no call: who stops it is told', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const recording = pool.record({ file: '/dev/full', force: true });
    expect(await pool.fn.lucas(1)).toBe(1n);
    const error = await rejection(recording.stop());
    expect(error.message).toMatch(/\/dev\/full cannot be written: no space left on device/);
    expect(await rejection(recording.stop())).toBe(error);
    expect(recording).toMatchObject({ events: 0, left: 1 });
  });

  test.runIf(existsSync('/dev/full'))('without space is a warning where its pool ends it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const pool = createPool({ workers: 1 });
    pool.record({ file: '/dev/full', force: true });
    await pool.fn.lucas(1);
    await pool.close();
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/no space left/), { type: 'MemopoolWarning', code: 'MEMOPOOL_RECORD' }],
    ]);
    warn.mockRestore();
  });

  test.each(['trace.txt', 'trace.gz'])('is whole when the process ends: %s', async (name) => {
    const pool = closing(createPool({ workers: 1 }));
    const file = newFile(name);
    const recording = pool.record({ file });
    const before = new Set(process.listeners('exit'));
    const other = pool.fn.lucas(3);
    for (let n = 0; n < 30_000; n++) await pool.fn.lucas(n % 3); // more than a piece, some of it on its way
    await other;
    expect(before.size).toBeGreaterThan(0);
    for (const listener of before) if (listener.name === 'endAll') listener.call(process, 0);
    const trace = await readTrace(file);
    expect(trace).toMatchObject({ length: 30_001, left: 0 });
    expect(trace).not.toHaveProperty('isCut');
    await recording.stop();
    expect(await readTrace(file)).toEqual(trace);
  });

  test('leaves no listener behind', async () => {
    const pool = closing(createPool({ workers: 1 }));
    const before = process.listenerCount('exit');
    const recordings = [];
    for (let n = 0; n < 3; n++) {
      const recording = pool.record({ file: newFile() });
      recordings.push(recording);
      expect(process.listenerCount('exit')).toBe(before + 1);
      await recording.stop();
    }
    expect(process.listenerCount('exit')).toBe(before);
  });
});

async function randomCalls(
  pool: Pool<typeof import('../fixtures/modules/behaviours.ts')>,
): Promise<unknown[]> {
  const random = new Random(7);
  const results: unknown[] = [];
  for (let round = 0; round < 60; round++) {
    const calls = Array.from({ length: 5 }, () => pool.fn.twice(random.below(12)));
    results.push(...(await Promise.all(calls)));
    if (round % 20 === 7) results.push(await pool.cacheDelete('twice', [random.below(12)]));
    if (round % 30 === 9) await pool.cacheClear('twice');
  }
  return results;
}

test('a recording changes no result and no counter', async () => {
  const options = { workers: 1, maxsize: 6 };
  const [plain, recorded] = [behavioursPool(options), behavioursPool(options)];
  const recording = recorded.record({ file: newFile() });
  expect(await randomCalls(recorded)).toEqual(await randomCalls(plain));
  const { savedMs: _, ...counters } = plain.cacheInfo();
  expect(recorded.cacheInfo()).toMatchObject(counters);
  expect(counters.evictions).toBeGreaterThan(10);
  expect(recording.left).toBe(0);
});

/** The obvious LRU of a size: hits of the calls. */
function hitsOf(calls: readonly number[], maxsize: number): number {
  const entries: number[] = [];
  let hits = 0;
  for (const key of calls) {
    const at = entries.indexOf(key);
    if (at >= 0) {
      hits++;
      entries.splice(at, 1);
    }
    entries.push(key);
    if (entries.length > maxsize) entries.shift();
  }
  return hits;
}

describe('the curve of a running pool', () => {
  test('is there while a recording is on, and empty before the first call', async () => {
    const pool = closing(createPool({ workers: 1, maxsize: 50 }));
    expect(pool.stats().curve).toBeUndefined();
    const recording = pool.record();
    expect(pool.stats().curve).toEqual({
      calls: 0,
      distinct: 0,
      isExact: true,
      samplingRate: 1,
      points: [{ maxsize: 50, hitRatio: 0 }],
    });
    await recording.stop();
    expect(pool.stats().curve).toBeUndefined();
  });

  test('says of every size what LRU of that size would have answered', async () => {
    const pool = behavioursPool({ maxsize: 17 });
    pool.record();
    const random = new Random(3);
    const calls = Array.from({ length: 1500 }, () => Math.floor(80 * random.next() ** 3));
    for (const key of calls) await pool.fn.twice(key);
    const { curve } = pool.stats();
    expect(curve).toMatchObject({ calls: 1500, distinct: new Set(calls).size, isExact: true });
    expect(curve?.points.length).toBeGreaterThan(12);
    for (const { maxsize, hitRatio } of curve?.points ?? []) {
      expect(hitRatio, `maxsize ${maxsize}`).toBeCloseTo(hitsOf(calls, maxsize) / calls.length, 10);
    }
    const own = curve?.points.find(({ maxsize }) => maxsize === 17);
    expect(own?.hitRatio).toBeCloseTo(pool.cacheInfo().hits / 1500, 10);
  });

  test('knows that what was cleared or deleted is gone', async () => {
    const pool = behavioursPool();
    pool.record();
    const again = async (forget: () => Promise<unknown>) => {
      await pool.fn.twice(1);
      await forget();
      await pool.fn.twice(1);
    };
    await again(() => pool.cacheDelete('twice', [1]));
    await again(() => pool.cacheClear('twice'));
    await again(() => pool.cacheClear());
    const { hits, misses } = pool.cacheInfo();
    expect({ hits, misses }).toEqual({ hits: 0, misses: 1 }); // since the last clear
    expect(pool.stats().curve).toMatchObject({ calls: 6, distinct: 4 });
    expect(pool.stats().curve?.points.at(-1)?.hitRatio).toBeCloseTo(2 / 6, 10);
  });

  test('of more keys than it follows is a sample, and near the truth', async () => {
    const pool = behavioursPool({ maxsize: 1000 });
    pool.record();
    const random = new Random(11);
    const calls = Array.from({ length: 30_000 }, () => Math.floor(20_000 * random.next() ** 2));
    for (let at = 0; at < calls.length; at += 1000) {
      await pool.map(
        'twice',
        calls.slice(at, at + 1000).map((key) => [key] as const),
        { window: 1 },
      );
    }
    const curve = pool.stats().curve;
    expect(curve?.isExact).toBe(false);
    expect(curve?.samplingRate).toBeLessThan(0.5);
    const distinct = new Set(calls).size;
    expect(Math.abs((curve?.distinct ?? 0) - distinct) / distinct).toBeLessThan(0.05);
    // Below a hundred a sample of one key in seven cannot tell; the keys differ from run to run.
    const points = curve?.points.filter(({ maxsize }) => maxsize >= 100) ?? [];
    expect(points.length).toBeGreaterThan(8);
    for (const { maxsize, hitRatio } of points) {
      const truth = hitsOf(calls, maxsize) / calls.length;
      expect(Math.abs(hitRatio - truth), `maxsize ${maxsize}`).toBeLessThan(0.1);
    }
  });
});
