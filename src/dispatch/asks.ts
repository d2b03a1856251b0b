// The calls that a worker's function makes, as they come over the wire.
import type { AsksMessage, KeyedBytes } from '../wire.ts';
import type { Asked } from './dispatcher.ts';

export interface NumberedAsk {
  /** In its thread. */
  readonly number: number;
  readonly asked: Asked;
}

export function* readAsks([, , first, total, ...groups]: AsksMessage): Generator<NumberedAsk> {
  let number = first;
  for (const [name, arity, items, parts, weights] of groups) {
    for (const [i, weight] of weights.entries()) {
      const at = arity === 0 ? i : i * arity;
      const item = arity === 0 ? items[at] : items.slice(at, at + arity);
      const { args, key } = Array.isArray(item)
        ? { args: item as readonly unknown[], key: undefined }
        : { args: (item as KeyedBytes).bytes, key: (item as KeyedBytes).key };
      yield { number: number++, asked: { name, args, key, parts, weight, total } };
    }
  }
}
