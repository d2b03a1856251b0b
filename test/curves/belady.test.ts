// The optimum against all that a cache could have done.
import { expect, test } from 'vitest';
import { FutureUses } from '../../src/curves/belady.ts';
import { Random } from '../../src/curves/random.ts';
import { type Step, simulateLru } from './brute-lru.ts';

type Event = { readonly kind: 'reference' | 'place' | 'delete'; readonly key: number };

function futureOf(events: readonly Event[]): FutureUses {
  const uses = new FutureUses();
  for (const { kind, key } of events) uses[kind](key);
  return uses;
}

/** Tries to keep every choice of entries after every event; a cache is a set of bits. */
function fewestMisses(events: readonly Event[], maxsize: number): number {
  let reached = new Map<number, number>([[0, 0]]);
  for (const { kind, key } of events) {
    const next = new Map<number, number>();
    for (const [cache, before] of reached) {
      const isMiss = kind === 'reference' && (cache & (1 << key)) === 0;
      const misses = before + (isMiss ? 1 : 0);
      const held = kind === 'delete' ? cache & ~(1 << key) : cache | (1 << key);
      for (let kept = held; ; kept = (kept - 1) & held) {
        if (bitsOf(kept) <= maxsize) next.set(kept, Math.min(misses, next.get(kept) ?? Infinity));
        if (kept === 0) break;
      }
    }
    reached = next;
  }
  return Math.min(...reached.values());
}

function bitsOf(set: number): number {
  return set.toString(2).replaceAll('0', '').length;
}

test('misses are as few as can be, on 1,000 small random traces at every size', () => {
  const random = new Random(7);
  for (let round = 0; round < 1000; round++) {
    const keys = 2 + random.below(4);
    const events = Array.from({ length: 14 }, (): Event => {
      const kind = random.next();
      return { kind: kind < 0.1 ? 'delete' : kind < 0.2 ? 'place' : 'reference', key: random.below(keys) };
    });
    const uses = futureOf(events);
    for (let maxsize = 0; maxsize <= keys; maxsize++) {
      expect(uses.misses(maxsize)).toBe(fewestMisses(events, maxsize));
    }
  }
});

test('a loop with room for half of it hits nearly half of the time, where LRU never does', () => {
  const steps = Array.from({ length: 10_000 }, (_, i): Step => {
    return { kind: 'reference', key: i % 100, bytes: 1, owner: 0 };
  });
  const uses = futureOf(steps.filter((step) => step.kind === 'reference'));
  expect(simulateLru(steps, { maxsize: 50, maxBytes: Infinity }).some(Boolean)).toBe(false);
  expect(uses.misses(50) / uses.references).toBeCloseTo(0.505, 2);
  expect(uses.misses(100)).toBe(100);
});
