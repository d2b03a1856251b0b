// The oracle of reuse distances: an LRU cache of one size, step by step.
import type { Random } from '../../src/curves/random.ts';

export type Step =
  | { readonly kind: 'reference'; readonly key: number; readonly bytes: number; readonly owner: number }
  | { readonly kind: 'delete'; readonly key: number }
  | { readonly kind: 'clear'; readonly owner: number };

export interface Bounds {
  readonly maxsize: number;
  readonly maxBytes: number;
}

/** Which of the references hit. An entry larger than `maxBytes` is not kept. */
export function simulateLru(steps: Iterable<Step>, { maxsize, maxBytes }: Bounds): boolean[] {
  const hits: boolean[] = [];
  const entries = new Map<number, { readonly bytes: number; readonly owner: number }>();
  let held = 0;
  const drop = (key: number) => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  for (const step of steps) {
    if (step.kind === 'delete') drop(step.key);
    if (step.kind === 'clear') {
      for (const [key, { owner }] of entries) if (owner === step.owner) drop(key);
    }
    if (step.kind !== 'reference') continue;
    const { key, bytes, owner } = step;
    hits.push(entries.has(key));
    drop(key);
    if (maxsize === 0 || bytes > maxBytes) continue;
    for (const oldest of entries.keys()) {
      if (entries.size < maxsize && held + bytes <= maxBytes) break;
      drop(oldest);
    }
    entries.set(key, { bytes, owner });
    held += bytes;
  }
  return hits;
}

export interface RandomSteps {
  readonly length: number;
  readonly keys: number;
  readonly largest: number;
  /** How often a step is a deletion, and how often a clear. */
  readonly deletions: number;
  readonly clears: number;
}

/** A key's bytes and owner are its own, as those of a pure function's result are. */
export function randomSteps(
  random: Random,
  { length, keys, largest, deletions, clears }: RandomSteps,
): Step[] {
  const bytesOf = Array.from({ length: keys }, () => 1 + random.below(largest));
  return Array.from({ length }, () => {
    const key = random.below(keys);
    const kind = random.next();
    if (kind < clears) return { kind: 'clear', owner: key % 3 };
    if (kind < clears + deletions) return { kind: 'delete', key };
    return { kind: 'reference', key, bytes: bytesOf[key] ?? 1, owner: key % 3 };
  });
}
