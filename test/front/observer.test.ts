import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Answer } from '../../src/answer.ts';
import { ENTRY_BYTES, FrontCache } from '../../src/front/cache.ts';
import { Line } from '../../src/front/line.ts';
import type { FrontObserver } from '../../src/front/observer.ts';
import { Counters } from '../../src/stats.ts';
import { type MemoKey, memoKey } from '../../src/values/key.ts';
import { weigh } from '../../src/values/weigh.ts';

class Told implements FrontObserver {
  readonly events: string[] = [];
  readonly keys = new Set<string>();

  onHit(line: Line, key: MemoKey): void {
    this.#note('hit', line, key);
  }
  onJoin(line: Line, key: MemoKey): void {
    this.#note('join', line, key);
  }
  onComplete(line: Line, key: MemoKey): void {
    this.#note('complete', line, key);
    this.keys.add(nameOf(line, key));
  }
  onShare(line: Line, key: MemoKey): void {
    this.#note('share', line, key);
    this.keys.add(nameOf(line, key));
  }
  onEvict(line: Line, key: MemoKey): void {
    this.#note('evict', line, key);
    this.keys.delete(nameOf(line, key));
  }
  onDelete(line: Line, key: MemoKey): void {
    this.#note('delete', line, key);
    this.keys.delete(nameOf(line, key));
  }
  onClear(line: Line): void {
    this.events.push(`clear ${line.name}`);
    for (const name of this.keys) if (name.startsWith(`${line.name} `)) this.keys.delete(name);
  }

  #note(kind: string, line: Line, key: MemoKey): void {
    this.events.push(`${kind} ${nameOf(line, key)}`);
  }
}

function nameOf(line: Line, key: MemoKey): string {
  return `${line.name} ${String(key)}`;
}

function observed(maxsize: number | null, maxBytes: number | null = null) {
  const cache = new FrontCache({ maxsize, maxBytes });
  const told = new Told();
  cache.observer = told;
  const line = new Line(new Counters('f'));
  return { cache, told, line };
}

const answer = new Answer(8, 2, 'value');

const operation = fc.record({
  what: fc.constantFrom('get', 'put', 'put', 'putGuest', 'delete', 'clear', 'pass'),
  line: fc.nat({ max: 1 }),
  key: fc.nat({ max: 12 }),
});

describe('who observes the front cache', () => {
  test('knows at every moment what is in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(operation, { maxLength: 120 }),
        (maxsize, steps) => {
          const { cache, told, line } = observed(maxsize);
          const lines = [line, new Line(new Counters('g'))];
          for (const step of steps) {
            const at = lines[step.line] ?? line;
            switch (step.what) {
              case 'get':
                cache.get(at, step.key);
                break;
              case 'put':
                cache.put(at, step.key, answer);
                break;
              case 'putGuest':
                cache.putGuest(at, step.key, answer);
                break;
              case 'pass':
                cache.pass(at, step.key, answer);
                break;
              case 'delete':
                cache.delete(at, step.key);
                break;
              default:
                cache.clear(at);
            }
            const there = lines.flatMap((one) => [...one.entries.keys()].map((key) => nameOf(one, key)));
            expect([...told.keys].sort()).toEqual(there.sort());
          }
        },
      ),
    );
  });

  test('is told of what happens in the order in which it does', () => {
    const { cache, told, line } = observed(2);
    cache.put(line, 1, answer);
    cache.put(line, 2, answer);
    cache.get(line, 1);
    cache.get(line, 3);
    cache.peek(line, 1);
    cache.put(line, 3, answer);
    cache.put(line, 3, answer);
    cache.delete(line, 1);
    cache.delete(line, 1);
    cache.putGuest(line, 3, answer);
    cache.putGuest(line, 4, answer);
    cache.clear(line);
    expect(told.events).toEqual([
      'complete f 1',
      'complete f 2',
      'hit f 1',
      'complete f 3',
      'evict f 2',
      'complete f 3',
      'delete f 1',
      'share f 4',
      'clear f',
    ]);
  });

  test('is told of a result that bounds do not let in, and what it weighs', () => {
    const weighed: unknown[] = [];
    for (const bounds of [
      { maxsize: 0, maxBytes: null },
      { maxsize: null, maxBytes: 10 },
    ]) {
      const cache = new FrontCache(bounds);
      const told = new Told();
      told.onComplete = (_line, _key, ...rest: unknown[]) => void weighed.push(...rest);
      cache.observer = told;
      const key = memoKey(['some text'], true);
      cache.put(new Line(new Counters('f')), key, answer);
      expect(weighed.pop()).toEqual({ bytes: ENTRY_BYTES + weigh(key) + 8, computeMs: 2 });
    }
  });

  test('is told that a result which only workers wait for was computed, whether it gets in or not', () => {
    const { cache, told, line } = observed(1);
    cache.put(line, 1, answer);
    cache.putForWorkers(line, 2, answer);
    cache.putForWorkers(line, 1, answer);
    expect(told.events).toEqual(['complete f 1', 'complete f 2', 'complete f 1']);
    expect([...line.entries.keys()]).toEqual([1]);
  });

  test('is told that a result was computed and is gone when its call was forgotten meanwhile', () => {
    const { cache, told, line } = observed(10);
    cache.pass(line, 1, answer);
    cache.put(line, 2, answer);
    cache.pass(line, 2, answer);
    expect(told.events).toEqual(['complete f 1', 'delete f 1', 'complete f 2', 'complete f 2']);
  });
});
