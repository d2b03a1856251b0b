// Divide and conquer, declared once: how a call is divided, how a part is computed in one go, how two results become one.
//
//   call -> about four parts a worker, each a call through the pool -> results, put together two by two -> result
//
// A part is a call of the same function: kept in the front cache and shared as any other. What it is to be divided into
// itself, it is told; so the parts of a large one are put together in other workers.
import { PoolError, showValue } from '../errors.ts';
import { memoKey } from '../values/key.ts';
import { sizeClass } from '../values/size-class.ts';
import { ask } from './call.ts';
import { Grain, type Sized } from './grain.ts';
import { type Running, runningCall } from './running.ts';

export interface ParallelOptions<Args extends readonly unknown[], Result> {
  /**
   * The parts of a call, each as the arguments of one, in the order in which their results are put together; `undefined`
   * or fewer than two when it is not worth dividing any further, or one that is the call itself, as of a range of one.
   */
  readonly split: (...args: Args) => readonly Readonly<Args>[] | undefined;
  /** Computes a call in one go. */
  readonly base: (...args: Args) => Result | Promise<Result>;
  /** Puts the results of neighbours together, the first one's first. Associative: (a b) c is a (b c). */
  readonly combine: (left: Result, right: Result) => Result;
  /**
   * What a call costs, in any unit, its parts and putting them together included: it weighs the parts against each other,
   * and tells how much is done.
   * @default all parts alike
   */
  readonly cost?: (...args: Args) => number;
}

/** Called directly, outside of a pool or unexported, it computes in one go. */
export type Parallel<Args extends readonly unknown[], Result> = (...args: Args) => Result | Promise<Result>;

/**
 * Makes a function whose calls are computed by all workers of the pool that calls it: export it from a functions module.
 *
 * @example
 * export const sumOfSquares = parallel({
 *   split: (from: number, to: number) => {
 *     const middle = Math.floor((from + to) / 2);
 *     return [[from, middle], [middle, to]];
 *   },
 *   base: (from, to) => { let sum = 0; for (let i = from; i < to; i++) sum += i * i; return sum; },
 *   combine: (left, right) => left + right,
 *   cost: (from, to) => to - from,
 * });
 * @throws PoolError ERR_OPTION for a part that is missing or no function
 */
export function parallel<Args extends readonly unknown[], Result>(
  options: ParallelOptions<Args, Result>,
): Parallel<Args, Result> {
  return parallelAs(undefined, options);
}

/** The same for a function that the pool knows by this name, which need not be that of the call that runs. */
export function parallelAs<Args extends readonly unknown[], Result>(
  ownName: string | undefined,
  options: ParallelOptions<Args, Result>,
): Parallel<Args, Result> {
  checkOptions(options);
  const { split, base, combine } = options;
  const grain = new Grain();
  /** Calls that have been divided, or not, as they were told. */
  const begun = new WeakSet<Running>();

  function divided(...args: Args): Result | Promise<Result> {
    const running = runningCall();
    const name = ownName ?? running?.nameOf(divided);
    if (running === undefined || name === undefined) return base(...args);
    const call = sized(options, args);
    const wanted = running.name === name && !begun.has(running) ? running.parts : 0;
    begun.add(running);
    const parts = wanted || grain.partsOf(call, running.workers);
    const pieces = parts < 2 ? undefined : split(...args);
    if (pieces === undefined || pieces.length < 2) return inOneGo(args, call);
    checkPieces(name, pieces);
    if (pieces.some((piece) => isSame(piece, args))) return inOneGo(args, call);
    return whole(name, pieces, { parts, total: call.cost ?? 0 });
  }

  function inOneGo(args: Args, call: Sized): Result | Promise<Result> {
    const since = performance.now();
    const result = base(...args);
    grain.learn(call, performance.now() - since);
    return result;
  }

  function whole(name: string, pieces: readonly Readonly<Args>[], { parts, total }: Plan): Promise<Result> {
    const weights = pieces.map((piece) => sized(options, piece).cost ?? 1);
    const sum = weights.reduce((one, other) => one + other, 0);
    const results = pieces.map((args, i) => {
      const weight = weights[i] ?? 1;
      const share = Math.max(1, Math.round(sum > 0 ? (parts * weight) / sum : 1));
      return ask({ name, args, parts: share, weight: total > 0 ? weight : 1, total });
    });
    return together(results as Promise<Result>[], timed(combine));
  }

  return divided;
}

interface Plan {
  readonly parts: number;
  /** What the whole costs; 0 where that is not known. */
  readonly total: number;
}

/** Tells the pool what it takes, for who measures where the time goes. */
function timed<Result>(combine: (left: Result, right: Result) => Result) {
  const running = runningCall();
  return (left: Result, right: Result): Result => {
    const since = performance.now();
    const result = combine(left, right);
    running?.combined?.(performance.now() - since);
    return result;
  };
}

/** The results put together by halves, each two as soon as they are there. */
async function together<Result>(
  results: readonly Promise<Result>[],
  combine: (left: Result, right: Result) => Result,
): Promise<Result> {
  const [only] = results;
  if (results.length === 1 && only !== undefined) return only;
  const half = Math.ceil(results.length / 2);
  const [left, right] = await Promise.all([
    together(results.slice(0, half), combine),
    together(results.slice(half), combine),
  ]);
  return combine(left, right);
}

function sized<Args extends readonly unknown[]>(
  { cost }: Pick<ParallelOptions<Args, unknown>, 'cost'>,
  args: Args,
): Sized {
  if (cost === undefined) return { cost: undefined, size: sizeClass(args) };
  const value: unknown = cost(...args);
  if (typeof value === 'number' && value >= 0 && value < Infinity) return { cost: value, size: 0 };
  throw new PoolError(
    'ERR_OPTION',
    `parallel: expected 'cost' to give a number from 0 on, got ${showValue(value)}.`,
  );
}

/** It would wait for its own result. */
function isSame(piece: readonly unknown[], args: readonly unknown[]): boolean {
  return piece.length === args.length && piece.every((value, i) => isSameValue(value, args[i]));
}

function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other || Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (lengthOf(one) !== lengthOf(other)) return false; // parts of a list, as they nearly always are
  return memoKey([one], true) === memoKey([other], true);
}

function lengthOf(value: object | null): unknown {
  return Array.isArray(value) || ArrayBuffer.isView(value) ? Reflect.get(value, 'length') : undefined;
}

type Parts = Readonly<Partial<Record<keyof ParallelOptions<[], unknown>, unknown>>>;

function checkOptions(options: Parts): void {
  for (const part of ['split', 'base', 'combine'] as const) {
    if (typeof options?.[part] === 'function') continue;
    throw new PoolError(
      'ERR_OPTION',
      `parallel: expected a function '${part}', got ${showValue(options?.[part])}. It takes { split, base, combine } and may have a cost.`,
    );
  }
  const { cost } = options;
  if (cost === undefined || typeof cost === 'function') return;
  throw new PoolError('ERR_OPTION', `parallel: expected 'cost' to be a function, got ${showValue(cost)}.`);
}

function checkPieces(name: string, pieces: readonly (readonly unknown[])[]): void {
  if (Array.isArray(pieces) && pieces.every((piece) => Array.isArray(piece))) return;
  throw new PoolError(
    'ERR_OPTION',
    `parallel: expected 'split' of ${name} to give a list of lists of arguments, got ${showValue(pieces)}.`,
  );
}
