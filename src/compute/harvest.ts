// The basket of a worker: results that its functions share with the pool although nobody has called for them. They go to
// the main thread before the replies of the calls that they came about in, and from there into the front cache.
//
// Bounded: of many the latest are kept. The basket hangs on the global object, because a user's module may bring its own
// copy of this package; outside of a pool's worker nobody opens it, and it stays empty.
import { serialize } from 'node:v8';
import type { AnyFunction } from '../types.ts';
import { memoKey } from '../values/key.ts';
import { isPrimitive } from '../values/snapshot.ts';
import { weigh } from '../values/weigh.ts';
import { weighRoughly } from '../values/weigh-roughly.ts';
import { encodeResult, type FromThread, type HarvestGroup, packReply, type WireResult } from '../wire.ts';
import type { Registry } from './registry.ts';

const MOST_OFFERS = 1024;
const MOST_BYTES = 2 ** 20;
// Up to this, cloning a bigint or text with the message is cheaper on both sides than encoding it.
const SMALL_BYTES = 4096;

/** Arguments as they were when a call was made: primitives as they are, what has objects serialized. */
export type TakenArguments = readonly unknown[] | Uint8Array;

/** A result and the call that gives it. */
export interface Shared {
  /** The function as its module exports it. */
  readonly fn: AnyFunction;
  readonly args: TakenArguments;
  readonly value: unknown;
  /** What computing it took, in milliseconds. */
  readonly costMs: number;
}

class Offer {
  readonly fn: AnyFunction;
  readonly args: TakenArguments;
  /** A primitive, which is encoded only if it is told; or an object, encoded as it was. */
  readonly value: unknown;
  readonly costMs: number;
  readonly bytes: number;

  constructor({ fn, args, costMs }: Shared, value: unknown, bytes: number) {
    this.fn = fn;
    this.args = args;
    this.value = value;
    this.costMs = costMs;
    this.bytes = bytes;
  }
}

export class Basket {
  /** Whether anybody takes out what is put in. */
  isOpen = false;
  /** Moves on when the thread is to forget: what was begun before is not shared. */
  era = 0;
  /** The oldest first, behind places that are empty by now. */
  #offers: (Offer | undefined)[] = [];
  #emptied = 0;
  #bytes = 0;

  /** Puts a result in, and the oldest out until the bounds hold. What is too large, or no answer of a call, is not kept. */
  add(shared: Shared): void {
    if (!this.isOpen) return;
    const { args, value } = shared;
    const kept = isPrimitive(value) ? value : encodeObject(value);
    if (kept === undefined && value !== undefined) return;
    const bytes = weighArguments(args) + (isEncoded(kept) ? kept.bytes.byteLength : weigh(kept));
    if (bytes > MOST_BYTES) return;
    // Deep in a recursion any call may overflow the stack: there is none between two steps that belong together.
    this.#offers.push(new Offer(shared, kept, bytes));
    this.#bytes += bytes;
    while (this.#offers.length - this.#emptied > MOST_OFFERS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#offers[this.#emptied]?.bytes ?? 0;
      this.#offers[this.#emptied++] = undefined;
    }
    if (this.#emptied > MOST_OFFERS) {
      this.#offers = this.#offers.slice(this.#emptied);
      this.#emptied = 0;
    }
  }

  /** What there is, the oldest first; the basket is empty then. */
  take(): Offer[] {
    if (this.#offers.length === 0) return [];
    const offers = this.#offers.filter((offer) => offer !== undefined);
    this.#offers = [];
    this.#emptied = 0;
    this.#bytes = 0;
    return offers;
  }

  forget(): void {
    this.era++;
    this.take();
  }
}

const BASKET: unique symbol = Symbol.for('memopool.harvest') as never;

/** This thread's. */
export function basket(): Basket {
  const host = globalThis as { [BASKET]?: Basket };
  host[BASKET] ??= new Basket();
  return host[BASKET];
}

const own = basket();

/**
 * Shares a result, for functions that make tables rather than recurse; does nothing outside of a pool's worker.
 *
 * @param fn the function as its module exports it, which gives `value` for `args`
 * @param costMs what computing it took; of a table each entry's part
 */
export function offer(
  fn: AnyFunction,
  args: readonly unknown[],
  { value, costMs }: Pick<Shared, 'value' | 'costMs'>,
): void {
  const taken = own.isOpen ? takeArguments(args) : undefined;
  if (taken !== undefined) own.add({ fn, args: taken, value, costMs });
}

/** Undefined where the pool could not be called with the same: a function, a symbol, an instance of a class. */
export function takeArguments(args: readonly unknown[]): TakenArguments | undefined {
  if (arePlainPrimitives(args)) return args;
  try {
    memoKey(args, true);
    return serialize(args);
  } catch {
    return undefined;
  }
}

/** The basket is emptied from now on, with {@link tellHarvest}. */
export function openHarvest(): void {
  own.isOpen = true;
}

/** Nothing that was begun before is shared. */
export function forgetHarvest(): void {
  own.forget();
}

interface Teller {
  readonly registry: Pick<Registry, 'nameOf'>;
  readonly post: (message: FromThread, transfer: readonly ArrayBuffer[]) => void;
}

/** Tells what is in the basket, of functions that a pool can call: those that their modules export as they are. */
export function tellHarvest({ registry, post }: Teller): void {
  const offers = own.take();
  if (offers.length === 0) return;
  const names = new Map<AnyFunction, string | undefined>();
  const groups = new Map<string, Group>();
  for (const one of offers) {
    if (!names.has(one.fn)) names.set(one.fn, registry.nameOf(one.fn));
    const name = names.get(one.fn);
    if (name !== undefined) addTo(groups, name, one);
  }
  if (groups.size > 0) post(['harvest', ...groups.values()], []);
}

type Group = readonly [string, number, unknown[], unknown[], number[]] & HarvestGroup;

function addTo(groups: Map<string, Group>, name: string, { args, value, costMs, bytes }: Offer): void {
  const arity = args instanceof Uint8Array ? 0 : args.length;
  const id = `${arity} ${name}`;
  const group: Group = groups.get(id) ?? [name, arity, [], [], []];
  groups.set(id, group);
  const [, , items, values, computeMs] = group;
  if (arity === 0) items.push(args);
  else items.push(...(args as readonly unknown[]));
  if (isEncoded(value)) values.push(packReply({ ok: true, result: value, computeMs: costMs }));
  else if (bytes <= SMALL_BYTES) values.push(value);
  else values.push(packReply({ ok: true, result: encodeResult(value), computeMs: costMs }));
  computeMs.push(costMs);
}

// A loop, as this is done before each call of a recursion.
function arePlainPrimitives(args: readonly unknown[]): boolean {
  for (const arg of args) if (!isPrimitive(arg)) return false;
  return true;
}

function weighArguments(args: TakenArguments): number {
  if (args instanceof Uint8Array) return args.byteLength;
  let bytes = 0;
  for (const arg of args) bytes += weigh(arg);
  return bytes;
}

/** What {@link encodeObject} made: no other value in the basket is an object. */
function isEncoded(value: unknown): value is Encoded {
  return typeof value === 'object' && value !== null;
}

type Encoded = Extract<WireResult, { kind: 'bytes' }>;

// A copy, as the function may change what it gave. Promises are no answers, and whatever else has a `then` would be taken
// for one.
function encodeObject(value: unknown): Encoded | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    if (typeof Reflect.get(value, 'then') === 'function' || weighRoughly(value) > MOST_BYTES)
      return undefined;
    const result = encodeResult(value);
    return result.kind === 'bytes' ? result : undefined;
  } catch {
    return undefined; // what cannot be cloned, or a getter of it throws
  }
}
