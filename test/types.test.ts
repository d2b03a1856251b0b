// The types of a pool: names, arguments and results of the built-in and the user's functions.
import { expectTypeOf, test } from 'vitest';
import {
  createPool,
  type DigitsHandle,
  type LiveCurve,
  memoize,
  type Pool,
  type Recording,
  type RecordingSummary,
  readTrace,
  type Settled,
  type Trace,
} from '../src/index.ts';

type Mine = {
  triple(n: number): number;
  later(text: string): Promise<string[]>;
  fibonacci(n: string): string;
  readonly notAFunction: number;
};

// Never called, so no thread starts.
const mine: Pool<Mine> = createPool<Mine>();

test('built-in functions are typed in every pool', () => {
  const pool = createPool();
  expectTypeOf(pool.fn.fibonacci).parameters.toEqualTypeOf<[n: number | bigint]>();
  expectTypeOf(pool.fn.fibonacci).returns.resolves.toEqualTypeOf<bigint>();
  expectTypeOf(pool.run<'fibonacci'>).returns.resolves.toEqualTypeOf<bigint>();
  expectTypeOf(pool.cacheInfo).parameter(0).toExtend<string | undefined>();
});

test("a module's functions are typed, awaited once, and take the place of built-in ones", () => {
  expectTypeOf(mine.fn.triple).returns.resolves.toEqualTypeOf<number>();
  expectTypeOf(mine.fn.later).returns.resolves.toEqualTypeOf<string[]>();
  expectTypeOf(mine.fn.fibonacci).parameters.toEqualTypeOf<[n: string]>();
  expectTypeOf(mine.fn.lucas).returns.resolves.toEqualTypeOf<bigint>();
});

test('what is no function is no name of a call', () => {
  expectTypeOf<'notAFunction'>().not.toExtend<Parameters<typeof mine.run>[0]>();
  expectTypeOf<'nothing'>().not.toExtend<Parameters<typeof mine.run>[0]>();
  expectTypeOf<'triple'>().toExtend<Parameters<typeof mine.run>[0]>();
});

test('the form of a result is in its type', () => {
  const decimal = () => mine.run('lucas', [10], { as: 'decimal' });
  const hex = () => mine.run('lucas', [10], { as: 'hex', timeoutMs: 10 });
  const bytes = () => mine.run('lucas', [10], { as: 'bytes' });
  const digits = () => mine.run('lucas', [10], { as: 'digits' });
  const plain = () => mine.run('lucas', [10], { timeoutMs: 10 });
  expectTypeOf(digits).returns.resolves.toEqualTypeOf<DigitsHandle>();
  expectTypeOf(decimal).returns.resolves.toEqualTypeOf<string>();
  expectTypeOf(hex).returns.resolves.toEqualTypeOf<string>();
  expectTypeOf(bytes).returns.resolves.toEqualTypeOf<Uint8Array>();
  expectTypeOf(plain).returns.resolves.toEqualTypeOf<bigint>();
});

test('a function that says what is shared is told the arguments, typed', () => {
  const add = (n: number, text: string): string => text.repeat(n);
  memoize(add, {
    share: (args, cost) => {
      expectTypeOf(args).toEqualTypeOf<[n: number, text: string]>();
      expectTypeOf(cost).toEqualTypeOf<number>();
      return cost > 1;
    },
  });
  expectTypeOf(memoize(add, { share: 'all' }).wrapped).toEqualTypeOf<typeof add>();
  // @ts-expect-error: an answer, and at once
  const later = () => memoize(add, { share: async () => true });
  // @ts-expect-error: all or a function
  const some = () => memoize(add, { share: 'some' });
  void [later, some];
});

test('the items of a list are arguments, and its results are typed as those of run', () => {
  const plain = () => mine.map('triple', [[1], [2]]);
  const made = () =>
    mine.map(
      'triple',
      [1, 2].map((n) => [n]),
    );
  const settled = () => mine.map('lucas', new Set([[10] as const]), { errors: 'settle', as: 'decimal' });
  const stream = () => mine.stream('later', lines(), { unordered: true });
  expectTypeOf(plain).returns.resolves.toEqualTypeOf<number[]>();
  expectTypeOf(made).returns.resolves.toEqualTypeOf<number[]>();
  expectTypeOf(settled).returns.resolves.toEqualTypeOf<Settled<string>[]>();
  expectTypeOf(stream).returns.toEqualTypeOf<AsyncGenerator<string[], void, undefined>>();
  // @ts-expect-error: an item is an array of arguments
  const bare = () => mine.map('triple', [1, 2]);
  // @ts-expect-error: of the function's arguments
  const wrong = () => mine.map('triple', [['1']]);
  void [bare, wrong];
});

test('a recording tells what it came to, and the curve is there only while one is on', () => {
  const record = () => mine.record({ file: 'trace.txt', maxFileBytes: 1e6, force: true });
  expectTypeOf(record).returns.toEqualTypeOf<Recording>();
  expectTypeOf<Recording['stop']>().returns.resolves.toEqualTypeOf<RecordingSummary>();
  expectTypeOf(mine.stats).returns.toHaveProperty('curve').toEqualTypeOf<LiveCurve | undefined>();
  expectTypeOf(readTrace).returns.resolves.toEqualTypeOf<Trace>();
});

async function* lines(): AsyncGenerator<[string]> {
  yield ['a line'];
}
