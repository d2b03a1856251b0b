// The functions of a simulated pool: a random graph of memoized functions, and what they come to by plain recursion.
import { isDeepStrictEqual } from 'node:util';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import type { ResultForm } from '../../src/types.ts';
import { BigintHandle } from '../../src/values/bigint-handle.ts';
import { DigitsHandle } from '../../src/values/digits-handle.ts';
import { drawNest, type NestSpec } from './nests.ts';
import type { Random } from './random.ts';

type Kind = 'number' | 'bigint' | 'huge' | 'text' | 'long text' | 'object' | 'map' | 'undefined';

const KINDS: readonly Kind[] = [
  'number',
  'bigint',
  'huge',
  'text',
  'long text',
  'object',
  'map',
  'undefined',
];

/** What importing a function's module comes to: the same in every thread. */
export type Load = 'at once' | 'slow' | 'throws' | 'exits' | 'never ends' | 'blocks';

export interface FunctionSpec {
  readonly name: string;
  readonly index: number;
  readonly salt: number;
  /** What it calls: functions of the graph, with a smaller argument. */
  readonly children: readonly { readonly index: number; readonly less: number }[];
  readonly kind: Kind;
  readonly load: Load;
  /** Gives a promise of what its memo keeps. */
  readonly isAsync: boolean;
  readonly memoMaxsize: number | null;
  /** About what a call takes in milliseconds. */
  readonly costMs: number;
  /** Catches whatever is thrown inside of it, a stop too, and keeps what it makes of that. */
  readonly swallows: boolean;
  /** Every call of it ends its thread. */
  readonly isPoison: boolean;
  /** The calls that it makes through the pool. */
  readonly nest: NestSpec | undefined;
}

export const MOST_N = 7;
const MODULUS = 1_000_003;

export function makeGraph(random: Random, faults: number): FunctionSpec[] {
  const count = random.whole(1, 6);
  const nests = random.pick([0, 0.3, 0.8]);
  const circles = random.pick([0, 0, 0.2, 0.6]);
  const draw = (index: number): FunctionSpec => ({
    name: `f${index}`,
    index,
    salt: random.whole(1, MODULUS - 1),
    children: Array.from({ length: random.whole(0, 2) }, () => ({
      index: random.whole(0, count - 1),
      less: random.whole(1, 3),
    })),
    kind: random.pick(KINDS),
    load: random.chance(faults / 4)
      ? random.pick<Load>(['slow', 'slow', 'slow', 'throws', 'exits', 'never ends', 'blocks'])
      : 'at once',
    isAsync: random.chance(0.2),
    memoMaxsize: random.pick([null, null, 0, 1, 2, 5]),
    costMs: random.pick([0.0005, 0.001, 0.01, 0.1, 1, 20]),
    swallows: random.chance(0.2),
    isPoison: random.chance(faults / 8),
    nest: random.chance(nests) ? drawNest({ random, count, circles }) : undefined,
  });
  return Array.from({ length: count }, (_, index) => draw(index)).map((spec) =>
    // However its calls go, it ends its thread.
    spec.isPoison && spec.nest !== undefined ? { ...spec, nest: { ...spec.nest, tolerates: true } } : spec,
  );
}

/** The oracle: plain recursion, without a memo. */
function plainCore(graph: readonly FunctionSpec[], index: number, n: number): number {
  const { salt, children } = specAt(graph, index);
  if (n <= 0) return salt;
  let sum = salt + n;
  for (const [place, child] of children.entries()) {
    sum += (place + 2) * plainCore(graph, child.index, n - child.less);
  }
  return sum % MODULUS;
}

function specAt(graph: readonly FunctionSpec[], index: number): FunctionSpec {
  const spec = graph[index];
  if (spec === undefined) throw new Error(`no function ${index}`);
  return spec;
}

function dress({ name, kind }: FunctionSpec, core: number): unknown {
  switch (kind) {
    case 'number':
      return core;
    case 'bigint':
      return BigInt(core) - 500_000n;
    case 'huge':
      return (BigInt(core) + 1n) ** 12n * (core % 2 === 0 ? 1n : -1n);
    case 'text':
      return `${name}:${core}`;
    case 'long text':
      return `${name}:${core};`.repeat(200);
    case 'object':
      return { name, core, parts: [core, { half: core / 2 }] };
    case 'map':
      return new Map([[name, [core]]]);
    case 'undefined':
      return undefined;
  }
}

export const isBigintKind = ({ kind }: FunctionSpec): boolean => kind === 'bigint' || kind === 'huge';

/** Whether `got` is what a call of the function gives, in the form that was asked for. */
export function isRight(
  graph: readonly FunctionSpec[],
  call: { readonly index: number; readonly n: number; readonly form: ResultForm | undefined },
  got: unknown,
): boolean {
  const spec = specAt(graph, call.index);
  const value = dress(spec, plainCore(graph, call.index, call.n));
  if (call.form === undefined || call.form === 'bigint') return isDeepStrictEqual(got, value);
  if (typeof value !== 'bigint') return false;
  switch (call.form) {
    case 'decimal':
      return got === value.toString();
    case 'hex':
      return got === value.toString(16);
    case 'bytes':
      return got instanceof Uint8Array && fromBytes(got) === value;
    case 'handle':
      return got instanceof BigintHandle && got.toBigInt() === value;
    case 'digits':
      return got instanceof DigitsHandle && got.toString() === value.toString();
  }
}

function fromBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** The functions as one thread has them: with memos of its own. */
export interface Instance {
  readonly memos: readonly Memoized<(n: number) => number>[];
  /** The same as `valueOf`, by a function that catches what is thrown in it. */
  swallowing(index: number, n: number): unknown;
  /** What a call of a function gives. */
  valueOf(index: number, n: number): unknown;
}

export function instantiate(graph: readonly FunctionSpec[], interleave: () => void): Instance {
  const memos = graph.map(({ salt, children, memoMaxsize }) =>
    memoize(
      (n: number): number => {
        interleave();
        if (n <= 0) return salt;
        let sum = salt + n;
        for (const [place, child] of children.entries()) {
          sum += (place + 2) * (memos[child.index]?.(n - child.less) ?? Number.NaN);
        }
        return sum % MODULUS;
      },
      { maxsize: memoMaxsize },
    ),
  ) as readonly Memoized<(n: number) => number>[];
  const valueAt = (index: number, n: number) => dress(specAt(graph, index), memos[index]?.(n) ?? Number.NaN);
  // A table of its own, of which the pool knows nothing.
  const kept = new Map<string, unknown>();
  const swallowing = (index: number, n: number): unknown => {
    const key = `${index},${n}`;
    if (kept.has(key)) return kept.get(key);
    try {
      interleave();
      kept.set(key, valueAt(index, n));
    } catch {
      kept.set(key, 'made of an error');
    }
    return kept.get(key);
  };
  return { memos, valueOf: valueAt, swallowing };
}
