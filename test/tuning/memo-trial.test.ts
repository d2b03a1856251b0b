import { describe, expect, test } from 'vitest';
import { type MemoTrialOptions, tryMemos } from '../../src/tuning/memo-trial.ts';

const LIMIT_MS = 25_000;

const examples = new URL('../../examples/recursive-functions.ts', import.meta.url).href;
const memos = new URL('./fixtures/memos.ts', import.meta.url).href;
const broken = new URL('./fixtures/throws-at-import.ts', import.meta.url).href;

function trial(name: string, args: readonly unknown[], options: Partial<MemoTrialOptions> = {}) {
  return tryMemos({ modules: [memos], builtIns: false, name, args, limitMs: LIMIT_MS, ...options });
}

describe('the smallest maxsize that computes nothing twice, and one less,', () => {
  const weights = Array.from({ length: 30 }, (_, i) => ((13 * (i + 1)) % 17) + 1);
  // distinct, needed, computations at it, computations one below; the function's own memo, or one that it makes.
  const table: readonly (readonly [string, readonly unknown[], readonly number[], boolean, string])[] = [
    ['fib', [40], [41, 3, 41, 1_045_216], false, 'fib'],
    ['tribonacci', [40], [41, 4, 41, 2_000_000], true, 'tribonacci'],
    ['binomial', [30, 15], [255, 15, 255, 479], false, 'binomial'],
    ['lcs', ['abcde'.repeat(8), 'dcbae'.repeat(8)], [1000, 39, 1000, 1008], false, 'lcs > memo'],
    ['editDistance', ['a'.repeat(30), 'b'.repeat(30)], [961, 62, 961, 990], false, 'editDistance > memo'],
    ['catalan', [25], [26, 25, 26, 28], false, 'catalan'],
    ['partitions', [40, 40], [1261, 949, 1261, 1263], false, 'partitions'],
    ['knapsack', [weights, weights, 100], [2404, 1377, 2404, 2409], false, 'knapsack > memo'],
  ];

  test.each(table)('of %s', async (name, args, figures, isBelowCut, memo) => {
    const [distinct, needed, callsAtNeeded, callsBelow] = figures;
    const found = await trial(name, args, { modules: [examples] });
    expect(found.reason).toBeNull();
    expect(found.memos).toEqual([
      {
        name: memo,
        call: expect.stringMatching(`^${name}\\(`),
        distinct,
        needed,
        callsAtNeeded,
        callsBelow,
        isBelowCut,
        maxsize: null,
      },
    ]);
  });

  test('of a built-in function', async () => {
    const { memos } = await trial('ackermann', [2, 3], { modules: [], builtIns: true });
    expect(memos).toMatchObject([
      { name: 'ackermann > memo', distinct: 20, needed: 2, callsAtNeeded: 20, callsBelow: 44 },
    ]);
  });
});

describe('the memos that one call goes through', () => {
  test("are tried one by one, the function's own first, with the maxsize they have", async () => {
    expect((await trial('isEven', [100])).memos).toMatchObject([
      { name: 'isEven', call: 'isEven(100)', distinct: 51, needed: 0, callsAtNeeded: 51, maxsize: 7 },
      { name: 'isEven > isOdd', distinct: 50, needed: 0, callsAtNeeded: 50, maxsize: 128 },
    ]);
  });

  test('are found where the function has none of its own, and left out where they are not asked', async () => {
    const { memos, reason } = await trial('halvesAndThirds', [1000]);
    expect(reason).toBeNull();
    expect(memos.map(({ name }) => name)).toEqual([
      'halvesAndThirds > thirding',
      'halvesAndThirds > halving',
    ]);
    for (const { distinct, callsAtNeeded } of memos) expect(callsAtNeeded).toBe(distinct);
  });

  test('count together where a function makes one each time it is called', async () => {
    expect((await trial('levels', [9])).memos).toMatchObject([
      { name: 'levels > memo', distinct: 20, needed: 1, callsAtNeeded: 20, callsBelow: 40 },
    ]);
  });

  test('keep to the keys of their own, and to what counts as the same', async () => {
    const [byDigit] = (await trial('byDigit', [25])).memos;
    expect(byDigit).toMatchObject({ name: 'byDigit', distinct: 10 });
    expect((await trial('mixed', [])).memos).toMatchObject([
      { name: 'mixed > untyped', distinct: 2, needed: 1, callsAtNeeded: 2, callsBelow: 4 },
    ]);
  });

  test('may share their results', async () => {
    expect((await trial('shared', [20])).memos).toMatchObject([
      { name: 'shared', distinct: 21, needed: 3, callsAtNeeded: 21 },
    ]);
  });

  test('may be of an asynchronous function', async () => {
    const { memos, reason } = await trial('later', [20]);
    expect(reason).toBeNull();
    expect(memos).toMatchObject([{ name: 'later', distinct: 21, callsAtNeeded: 21 }]);
    expect(memos[0]?.callsBelow).toBeGreaterThan(21);
  });

  test('may keep nothing as they are', async () => {
    expect((await trial('keepsNone', [20])).memos).toMatchObject([
      { distinct: 21, needed: 3, callsAtNeeded: 21, maxsize: 0 },
    ]);
  });

  test('may be 100,000 levels deep', async () => {
    expect((await trial('chain', [100_000])).memos).toMatchObject([
      { distinct: 100_001, needed: 0, callsAtNeeded: 100_001, callsBelow: null, isBelowCut: false },
    ]);
  });
});

describe('there is no memo to try, and a reason,', () => {
  test.each([
    ['when the function has none', 'plain', [1], 'plain(1) keeps no two results in a memo.'],
    [
      'when it throws',
      'throws',
      [3],
      /^Not all memos of throws\(3\) were tried: it threw RangeError: no such thing\.$/,
    ],
    [
      'when it makes calls that need a pool',
      'asks',
      [3],
      /it makes calls of its own, for which a trial has no pool\.$/,
    ],
    ['when it ends its thread', 'leaves', [3], /it ended its thread with the code 3\.$/],
    ['when its promise never settles', 'unsettled', [3], /a promise that never settles\.$/],
    ['when there is no such function', 'nothing', [], /There is no function "nothing" in this pool\./],
    ['when its arguments cannot be cloned', 'chain', [() => 1], /could not be cloned\.$/],
  ])('%s', async (_, name, args, reason) => {
    expect(await trial(name, args)).toEqual({
      memos: [],
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  test('when its module throws', async () => {
    const { memos, reason } = await trial('any', [], { modules: [broken] });
    expect(memos).toEqual([]);
    expect(reason).toContain('this module is broken');
  });

  test('when it recurses without end', async () => {
    const { memos, reason } = await trial('endless', [0], { stackSizeMb: 16 });
    expect(memos).toEqual([]);
    expect(reason).toContain('endless recursed deeper than');
  });

  test('when its results take more memory than it may', async () => {
    const { memos, reason } = await trial('large', [2000], { memoryMb: 64 });
    expect(memos).toEqual([]);
    expect(reason).toContain('take more memory');
  });

  test('when there is no time, or the signal is aborted', async () => {
    expect((await trial('chain', [5], { limitMs: 0 })).reason).toContain('there was no time left');
    expect((await trial('chain', [5], { signal: AbortSignal.abort() })).reason).toContain('interrupted');
    const controller = new AbortController();
    const running = trial('persists', [40], { signal: controller.signal });
    controller.abort();
    expect(await running).toEqual({ memos: [], reason: expect.stringContaining('interrupted') });
  });
});

describe('a function that catches what stops it', () => {
  test('is not asked about for ever', async () => {
    expect((await trial('swallows', [40])).memos).toMatchObject([
      { distinct: 41, needed: 4, callsAtNeeded: 41, callsBelow: 2_000_000, isBelowCut: true },
    ]);
  });

  test('is ended by the time limit, and keeps what was found', async () => {
    const { memos, reason } = await trial('persists', [40], { limitMs: 8000 });
    expect(memos).toMatchObject([
      { distinct: 41, needed: 4, callsAtNeeded: 41, callsBelow: null, isBelowCut: false },
    ]);
    expect(reason).toContain('it took longer than there was time');
  });
});

test('what a function posts to the main thread is not taken for what was found', async () => {
  expect((await trial('posts', [10])).memos).toMatchObject([{ distinct: 11, needed: 3, callsAtNeeded: 11 }]);
});
