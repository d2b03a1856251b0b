// The calls that the functions of this thread have made and that are not answered: numbered, told to the main thread when
// their turn is over, and at most so many of one call at a time.

import { decode } from '../values/decode.ts';
import { memoKey } from '../values/key.ts';
import { snapshot } from '../values/snapshot.ts';
import type { AnswersMessage, AskGroup, AsksMessage, KeyedBytes, Reply } from '../wire.ts';
import { decodeError } from '../wire-error.ts';
import type { SubCall } from './running.ts';
import type { RunningCall } from './running-call.ts';
import { StopError } from './stop.ts';

/** A call that was made. */
export interface Ask {
  readonly call: RunningCall;
  readonly sub: SubCall;
  /** Its arguments as they go over the wire. */
  readonly item: readonly unknown[] | KeyedBytes;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Undefined while it is not told. */
  number: number | undefined;
}

// Those beyond wait for answers of the first: the main thread keeps something for each it has been told of.
const MOST_TOLD = 2000;

// A user's module may replace the global one later on.
const { queueMicrotask: afterThis } = globalThis;

export class Asks {
  readonly #post: (message: AsksMessage) => void;
  readonly #typed: boolean;
  /** Those that have been told. */
  readonly #byNumber = new Map<number, Ask>();
  #outgoing: Ask[] = [];
  #last = 0;

  /** @param typed whether `1` and `1n` are different arguments */
  constructor(post: (message: AsksMessage) => void, typed: boolean) {
    this.#post = post;
    this.#typed = typed;
  }

  /** @throws PoolError ERR_ARGUMENT_NOT_CLONEABLE; an error thrown by an argument's getter as it is */
  make(call: RunningCall, sub: SubCall): Promise<unknown> {
    const item = this.#pack(sub.args);
    return new Promise((resolve, reject) => {
      const ask: Ask = { call, sub, item, resolve, reject, number: undefined };
      const { waits } = call;
      waits.asks.add(ask);
      if (waits.told < MOST_TOLD) this.#tell(ask);
      else waits.untold.push(ask);
    });
  }

  /** Gives answers to the calls that wait for them; they are not delivered yet. */
  receive([, numbers, values]: AnswersMessage): Set<RunningCall> {
    const calls = new Set<RunningCall>();
    for (const [i, number] of numbers.entries()) {
      const ask = this.#byNumber.get(number);
      if (ask === undefined) continue; // its call has ended
      this.#byNumber.delete(number);
      const { waits } = ask.call;
      waits.told--;
      waits.answers.push({ ask, packed: values[i] });
      calls.add(ask.call);
    }
    return calls;
  }

  /** Hands out the answers of a call, which goes on by them. */
  deliver({ waits }: RunningCall): void {
    for (const { ask, packed } of waits.answers.splice(0)) {
      waits.asks.delete(ask);
      settle(ask, packed);
    }
    const room = Math.min(MOST_TOLD - waits.told, waits.untold.length);
    for (const next of waits.untold.splice(0, room)) this.#tell(next);
  }

  /**
   * The call has ended: nobody computes any more what it asked for. What awaits that still, as a memo may that others share,
   * is told so: it would never settle.
   */
  drop(call: RunningCall): void {
    if (!call.isWaiting) return;
    const { waits } = call;
    const asks = [...waits.asks];
    for (const { number } of asks) if (number !== undefined) this.#byNumber.delete(number);
    waits.asks.clear();
    waits.answers.length = 0;
    waits.untold.length = 0;
    waits.told = 0;
    for (const { reject } of asks) reject(new StopError());
  }

  #tell(ask: Ask): void {
    ask.number = ++this.#last;
    ask.call.waits.told++;
    this.#byNumber.set(ask.number, ask);
    if (this.#outgoing.push(ask) === 1) afterThis(() => this.#flush());
  }

  // One message for each call in a row: nearly always one.
  #flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    let from = 0;
    for (let to = 1; to <= outgoing.length; to++) {
      const first = outgoing[from];
      if (first === undefined || first.call === outgoing[to]?.call) continue;
      if (!first.call.isOver) {
        const { call, number = 0, sub } = first;
        this.#post(['asks', call.seq, number, sub.total, ...group(outgoing.slice(from, to))]);
      }
      from = to;
    }
  }

  #pack(args: readonly unknown[]): readonly unknown[] | KeyedBytes {
    const { args: sent, bytes } = snapshot(args);
    return bytes === undefined ? sent : { bytes, key: memoKey(sent, this.#typed) };
  }
}

function group(asks: readonly Ask[]): AskGroup[] {
  const groups: [name: string, arity: number, items: unknown[], parts: number, weights: number[]][] = [];
  for (const { sub, item } of asks) {
    const { name, parts, weight } = sub;
    const arity = Array.isArray(item) ? item.length : 0;
    let last = groups.at(-1);
    if (last === undefined || last[0] !== name || last[1] !== arity || last[3] !== parts) {
      last = [name, arity, [], parts, []];
      groups.push(last);
    }
    if (Array.isArray(item) && arity > 0) last[2].push(...(item as readonly unknown[]));
    else last[2].push(item);
    last[4].push(weight);
  }
  return groups;
}

function settle({ resolve, reject }: Ask, packed: unknown): void {
  if (typeof packed !== 'object' || packed === null) {
    resolve(packed);
    return;
  }
  const reply = packed as Reply;
  try {
    if (reply.ok)
      resolve(reply.result.kind === 'primitive' ? reply.result.value : decode(reply.result.bytes));
    else reject(decodeError(reply.error));
  } catch (error) {
    reject(error);
  }
}
