// The list of a map, from which one item is taken at a time: iterable or async iterable.
import { showValue } from '../errors.ts';

/** What one step of a list gives: its own, which no code of the list's is behind any more. */
export interface Step {
  readonly done: boolean;
  readonly value: unknown;
}

const DONE: Step = { done: true, value: undefined };

export function isList(list: unknown): boolean {
  return methodOf(list, Symbol.asyncIterator) !== undefined || methodOf(list, Symbol.iterator) !== undefined;
}

export class Source {
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #isAsync: boolean;

  /** @param list for which {@link isList} holds */
  constructor(list: unknown) {
    const open = methodOf(list, Symbol.asyncIterator);
    this.#isAsync = open !== undefined;
    this.#iterator = Reflect.apply(open ?? (list as Iterable<unknown>)[Symbol.iterator], list, []) as
      | Iterator<unknown>
      | AsyncIterator<unknown>;
  }

  /** The next item; a promise of an async list. What the list throws is thrown. */
  next(): Step | Promise<Step> {
    const step = this.#iterator.next();
    if (this.#isAsync) return Promise.resolve(step).then(readStep);
    return readStep(step as IteratorResult<unknown>);
  }

  /** Tells the list that no more is wanted; what it throws then is thrown. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

function readStep(step: IteratorResult<unknown>): Step {
  if (typeof step === 'object' && step !== null) return step.done ? DONE : { done: false, value: step.value };
  throw new TypeError(`The list's iterator gave ${showValue(step)} where an object { done, value } is due`);
}

function methodOf(list: unknown, name: symbol): (() => unknown) | undefined {
  if (list === null || list === undefined) return undefined;
  const method: unknown = Reflect.get(Object(list), name);
  return typeof method === 'function' ? (method as () => unknown) : undefined;
}
