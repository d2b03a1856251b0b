// Where calls go whose memo is warm somewhere, over fake threads whose every step a test takes.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outcome, Task } from '../../src/dispatch/dispatcher.ts';
import { Threads } from '../../src/dispatch/threads.ts';
import { FakeThread, type FakeThreadLog } from './fake-thread.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What calls take where the memo is warm, and where it is cold; the plain ones have none. */
const COSTS: Readonly<Record<string, { readonly warm: number; readonly cold: number }>> = {
  plain: { warm: 0.3, cold: 0.3 },
  cheap: { warm: 0.3, cold: 0.31 },
  f: { warm: 0.3, cold: 100 },
  g: { warm: 0.3, cold: 100 },
};

class World implements FakeThreadLog {
  readonly memoized: ReadonlySet<string> = new Set(['cheap', 'f', 'g']);
  readonly era = 0;
  readonly threads: FakeThread[] = [];
  readonly dispatcher: Threads;
  /** Which thread has computed each call, in the order in which they were begun. */
  readonly begun: { readonly name: string; readonly thread: number }[] = [];
  answered = 0;
  #submitted = 0;
  readonly #names: string[] = [];
  readonly #takers: number[] = [];
  readonly #warm = new Set<string>();

  constructor(maxWorkers = 2) {
    this.dispatcher = new Threads({
      minWorkers: maxWorkers,
      maxWorkers,
      queueSize: 10_000,
      onLateError: () => {},
      onAdvice: () => {},
      onHarvest: () => {},
      startThread: (events) => {
        const thread = new FakeThread(events, this);
        this.threads.push(thread);
        return thread;
      },
    });
  }

  onTake(thread: FakeThread, id: number): void {
    this.#takers[id] = this.threads.indexOf(thread);
    this.begun.push({ name: this.#names[id] ?? '', thread: this.#takers[id] ?? -1 });
  }

  compute(name: string, id: number): { value: unknown; ms: number } {
    const where = `${name} ${this.#takers[id]}`;
    const isWarm = this.#warm.has(where);
    this.#warm.add(where);
    return { value: id, ms: COSTS[name]?.[isWarm ? 'warm' : 'cold'] ?? 0 };
  }

  submit(...names: readonly string[]): void {
    for (const name of names) {
      const id = this.#submitted++;
      this.#names[id] = name;
      const task: Task = {
        name,
        args: [String(id).padStart(8, '0')], // of one size, which is their neighbourhood
        form: undefined,
        isNested: false,
        parts: 0,
        ask() {},
        onOpen() {},
        onStuck() {},
        onUnstuck() {},
        onSend() {},
        onStart() {},
        onDone: (outcome: Outcome) => {
          if (outcome.ok) this.answered++;
        },
      };
      this.dispatcher.submit(task);
    }
  }

  /** Lets a thread do all it has to do, and be heard. */
  run(thread: number): void {
    while (this.threads[thread]?.step());
    this.threads[thread]?.read();
  }

  async runAll(): Promise<void> {
    for (let round = 0; round < 1000; round++) {
      await turn();
      if (this.answered === this.#submitted) return;
      // All begin before one of them is done, and has time to take over what waits on another.
      for (const thread of this.threads) while (thread.current === undefined && thread.step());
      for (let thread = 0; thread < this.threads.length; thread++) this.run(thread);
    }
    throw new Error(`${this.#submitted - this.answered} calls are never answered`);
  }

  placesOf(name: string, from = 0): number[] {
    return this.begun.slice(from).flatMap((call) => (call.name === name ? [call.thread] : []));
  }
}

async function turn(): Promise<void> {
  for (let reaction = 0; reaction < 4; reaction++) await Promise.resolve();
}

/** A world in which f is at home on thread 0 and g on thread 1, and all costs are known. */
async function settledWorld(): Promise<World> {
  const world = new World();
  for (let n = 0; n < 20; n++) {
    world.submit('f', 'g');
    await world.runAll();
  }
  return world;
}

describe('calls of memoized functions', () => {
  test('go where their memo is, in whatever order they are made', async () => {
    const world = await settledWorld();
    for (const names of [['g', 'f'], ['g'], ['f'], ['g', 'g', 'f', 'f'], ['f', 'g', 'f', 'g']]) {
      world.submit(...names);
      await world.runAll();
    }
    expect(new Set(world.placesOf('f'))).toEqual(new Set([0]));
    expect(new Set(world.placesOf('g'))).toEqual(new Set([1]));
  });

  test('travel together, apart from those of the other function between them', async () => {
    const world = await settledWorld();
    const before = world.begun.length;
    world.submit(...Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'f' : 'g')));
    await turn();
    world.run(0);
    expect(world.placesOf('f', before)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(world.placesOf('g', before)).toEqual([]);
    await world.runAll();
    expect(world.placesOf('g', before)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('wait for their home when that is nearly free, but not for more than a cold memo costs', async () => {
    const world = await settledWorld();
    const before = world.begun.length;
    // Each turn one call finds its home busy with the other, for 0.3 ms, and another thread free.
    for (let n = 0; n < 1000; n++) {
      world.submit('f');
      await turn();
      world.submit('f');
      await world.runAll();
    }
    const first = world.placesOf('f', before).indexOf(1);
    expect(first).toBeGreaterThan(300);
    expect(first).toBeLessThan(1000);
  });

  test('do not wait for a home whose thread takes longer than expected', async () => {
    const world = await settledWorld();
    world.submit('f');
    await turn();
    world.threads[0]?.step(); // and goes on without end
    world.threads[0]?.step();
    world.threads[0]?.step();
    vi.advanceTimersByTime(6);
    const before = world.answered;
    world.submit('f');
    await turn();
    world.run(1);
    expect(world.answered).toBe(before + 1);
  });

  test('do not wait where a cold memo costs next to nothing: a free worker is not left without work', async () => {
    const world = new World();
    for (let n = 0; n < 20; n++) {
      world.submit('cheap', 'plain');
      await world.runAll();
    }
    const before = world.begun.length;
    world.submit(...Array.from({ length: 8 }, () => 'cheap'));
    await turn();
    world.run(0);
    world.run(1);
    expect(new Set(world.placesOf('cheap', before))).toEqual(new Set([0, 1]));
  });

  test('do not wait while a worker is free and a hundred of them are waiting', async () => {
    const world = await settledWorld();
    const before = world.begun.length;
    world.submit(...Array.from({ length: 100 }, () => 'f'));
    await turn();
    world.run(1);
    expect(world.placesOf('f', before)).toContain(1);
    await world.runAll();
  });

  test('are passed over by eight messages with later calls at the most', async () => {
    const world = await settledWorld();
    world.submit('f', 'f', 'f', 'f', 'f', 'f', 'f'); // two messages, which their thread does not answer
    await turn();
    world.submit('f');
    const before = world.begun.length;
    let messages = 0;
    while (world.placesOf('f', before).length === 0 && messages < 100) {
      world.submit('g');
      await turn();
      world.run(1);
      messages++;
    }
    expect(messages).toBeGreaterThan(1);
    expect(messages).toBeLessThanOrEqual(9);
    expect(world.placesOf('f', before)).toEqual([1]);
    await world.runAll();
  });

  test('have another home when their thread has ended', async () => {
    const world = await settledWorld();
    world.threads[0]?.die();
    world.submit('f');
    await world.runAll();
    const [place] = world.placesOf('f').slice(-1);
    for (let n = 0; n < 5; n++) {
      world.submit('g', 'f');
      await world.runAll();
    }
    expect(place).not.toBe(0);
    expect(new Set(world.placesOf('f').slice(-5))).toEqual(new Set([place]));
  });
});

test('a function without a memo goes to whoever is free first', async () => {
  const world = await settledWorld();
  const before = world.begun.length;
  for (let n = 0; n < 5; n++) {
    world.submit('plain');
    await world.runAll();
  }
  expect(world.placesOf('plain', before)).toEqual([0, 0, 0, 0, 0]);
});
