// What callers do to the pool: one action at a time, chosen by chance.
import type { RunOptions } from '../../src/pool-types.ts';
import { Forgetting, peekAt } from './forgetting.ts';
import type { Call, Lookup, Target } from './model.ts';
import { drawTarget } from './targets.ts';
import type { World } from './world.ts';

const PHASES: readonly string[] = ['queue', 'load', 'compute', 'convert', 'encode'];

export class Actor {
  readonly #world: World;
  /** Signals that many calls share. */
  readonly #shared: AbortController[] = [];
  readonly #controllers = new Set<AbortController>();
  readonly #targets: Target[] = [];
  readonly #forgetting: Forgetting;
  #closing = 0;
  #callId = 0;
  #reactions = 20;

  constructor(world: World) {
    this.#world = world;
    this.#forgetting = new Forgetting(world, this.#targets);
    this.#shared.push(new AbortController(), new AbortController());
  }

  /** From now on nobody reacts to what is told. */
  calm(): void {
    this.#reactions = 0;
  }

  /** Everything that was asked for has been given. */
  get isSatisfied(): boolean {
    return this.#world.judge.calls.size === 0 && this.#forgetting.waiting === 0 && this.#closing === 0;
  }

  act(closes: boolean): void {
    const { random } = this.#world;
    const action = random.weighed<() => void>([
      [50, () => this.run()],
      [6, () => this.#runMany()],
      [12, () => this.abort()],
      [8, () => this.#peek()],
      [2, () => this.#forgetting.clear()],
      [2, () => this.#forgetting.clearOne()],
      [3, () => this.#forgetting.delete()],
      [3, () => this.checkStats()],
      [1.5, () => this.#block()],
      [closes ? 1.5 : 0, () => this.close(random.pick([undefined, 0, 10, 500]))],
    ]);
    action();
  }

  run(target: Target = this.drawTarget(), options: RunOptions = this.#drawOptions(target)): Call {
    const { pool, judge, random } = this.#world;
    const id = this.#callId++;
    const progressError = random.chance(0.1) ? new Error(`progress of call ${id}`) : undefined;
    const onProgress: RunOptions = options.onProgress === undefined ? {} : this.#watch(id, progressError);
    const before = pool.cacheInfo();
    const promise = pool.run(target.name, target.args, { ...options, ...onProgress });
    const after = pool.cacheInfo();
    const lookups: readonly Lookup[] = [
      ...Array.from({ length: after.hits - before.hits }, () => 'hit' as const),
      ...Array.from({ length: after.joins - before.joins }, () => 'join' as const),
      ...Array.from({ length: after.misses - before.misses }, () => 'miss' as const),
    ];
    const lookup = lookups[0] ?? 'refused';
    if (lookups.length > 1) this.#world.fail(`call ${id} was counted ${lookups.join(' and ')}`);
    const { timeoutMs, deadlineMs, signal } = options;
    this.#world.say(
      `call ${id} of ${target.key}: ${lookup}${timeoutMs === undefined ? '' : ` timeoutMs ${timeoutMs}`}`,
    );
    const call: Call = {
      id,
      target,
      at: this.#world.now,
      signal,
      timeoutMs,
      deadlineMs,
      progressError,
      flight: undefined,
      wasFull: false,
      isSettled: false,
      hasValue: false,
    };
    judge.onCall(call, lookup);
    promise.then(
      (value) => this.#onValue(call, value),
      (error: unknown) => this.#onError(call, error),
    );
    return call;
  }

  drawTarget(): Target {
    const { random, graph } = this.#world;
    if (this.#targets.length > 0 && random.chance(0.5)) return random.pick(this.#targets);
    const target = drawTarget(random, graph);
    if (target.spec !== undefined) this.#targets.push(target);
    return target;
  }

  #drawOptions({ form }: Target): RunOptions {
    const { random } = this.#world;
    const signal = random.weighed<AbortController | undefined>([
      [6, undefined],
      [1, random.pick(this.#shared)],
      [2, new AbortController()],
    ]);
    if (signal !== undefined) this.#controllers.add(signal);
    return {
      ...(form === undefined ? {} : { as: form }),
      ...(signal === undefined ? {} : { signal: signal.signal }),
      ...(random.chance(0.3) ? { timeoutMs: random.pick([0, 1, 20, 200, 2000]) } : {}),
      ...(random.chance(0.15) ? { deadlineMs: random.pick([0, 1, 20, 200, 2000]) } : {}),
      ...(random.chance(0.1) ? { onProgress: () => {} } : {}),
    };
  }

  #watch(id: number, error: Error | undefined): RunOptions {
    return {
      onProgress: ({ phase, elapsedMs }) => {
        this.#world.say(`call ${id} is told: ${phase}`);
        if (!PHASES.includes(phase) || !(elapsedMs >= 0)) this.#world.fail(`progress ${phase} ${elapsedMs}`);
        if (error !== undefined && this.#world.random.chance(0.3)) throw error;
      },
    };
  }

  #onValue(call: Call, value: unknown): void {
    this.#world.say(`call ${call.id} has its value`);
    this.#world.judge.onValue(call, value);
    this.#spoil(value);
    this.#react();
  }

  #onError(call: Call, error: unknown): void {
    this.#world.say(`call ${call.id} has an error: ${String(error)}`);
    this.#world.judge.onError(call, error);
    this.#react();
  }

  // Who receives an object may change it, unless all share one knowingly.
  #spoil(value: unknown): void {
    const { share } = this.#world.options;
    if (share === 'reference' || typeof value !== 'object' || value === null) return;
    if (value instanceof Map) value.set('spoilt', true);
    else if (value instanceof Uint8Array) value.fill(7);
    else if (!Object.isFrozen(value)) Reflect.set(value, 'spoilt', true);
    else if (share === 'clone') this.#world.fail('frozen, and its receiver should own it');
  }

  // In the midst of being told, a caller makes calls and aborts others.
  #react(): void {
    const { random } = this.#world;
    if (this.#reactions === 0 || !random.chance(0.05)) return;
    this.#reactions--;
    if (random.chance(0.7)) {
      const target = this.drawTarget();
      this.run(target, this.#drawOptions(target));
    } else {
      this.abort();
    }
  }

  #runMany(): void {
    const { random } = this.#world;
    const times = random.whole(2, random.pick([4, 30]));
    for (let n = 0; n < times; n++) this.run();
  }

  /** Mostly of a call that waits. */
  abort(): void {
    const { random, say, judge } = this.#world;
    if (this.#controllers.size === 0) return;
    const signals = new Set([...judge.calls].map(({ signal }) => signal));
    const waiting = [...this.#controllers].filter(({ signal }) => signals.has(signal));
    const controller = random.pick(
      waiting.length > 0 && random.chance(0.8) ? waiting : [...this.#controllers],
    );
    this.#controllers.delete(controller);
    const place = this.#shared.indexOf(controller);
    if (place >= 0) this.#shared[place] = new AbortController();
    say('a signal is aborted');
    controller.abort(new Error('enough'));
  }

  #peek(): void {
    const { random, pool, judge, say } = this.#world;
    if (this.#targets.length === 0) return;
    const target = random.pick(this.#targets);
    const before = pool.cacheInfo();
    const value = peekAt(this.#world.pool, target);
    say(`peek at ${target.key}: ${value === undefined ? 'nothing' : 'a value'}`);
    const after = pool.cacheInfo();
    if (JSON.stringify(before) !== JSON.stringify(after)) this.#world.fail('a peek counted something');
    if (value === undefined) return;
    judge.checkCached(target);
    judge.checkValue(target, value);
    this.#spoil(value);
  }

  checkStats(): void {
    const { pool, options, say } = this.#world;
    const stats = pool.stats();
    say(`stats ${JSON.stringify({ ...stats, memos: undefined, cache: undefined })}`);
    const { workers, busy, queued, maxWorkers } = stats;
    if (workers > maxWorkers || busy > workers || queued < 0 || maxWorkers !== options.maxWorkers) {
      this.#world.fail(`stats ${JSON.stringify(stats)}`);
    }
  }

  #block(): void {
    const ms = this.#world.random.pick([5, 60, 2000]);
    this.#world.say(`main is blocked for ${ms}`);
    this.#world.block(ms);
  }

  /** Settles: in time when there is a time limit, else when every call is answered. */
  close(timeoutMs: number | undefined): void {
    const world = this.#world;
    world.say(`close, timeoutMs ${timeoutMs}`);
    world.closedAt = Math.min(world.closedAt, world.now);
    if (timeoutMs !== undefined) world.destroyedAt = Math.min(world.destroyedAt, world.now + timeoutMs);
    this.#closing++;
    const promise = timeoutMs === undefined ? world.pool.close() : world.pool.close({ timeoutMs });
    promise.then(
      () => {
        world.say('closed');
        this.#closing--;
        if (world.judge.calls.size > 0) world.fail('closed, and calls still wait');
        if (world.threads.some(({ side }) => !side.isGone)) world.fail('closed, and threads are alive');
      },
      (error: unknown) => world.fail(`close failed: ${String(error)}`),
    );
  }

  /** Every entry of the cache can be found, and no other is counted. */
  checkCache(): void {
    const found = [...this.#world.judge.known.values()].filter(
      (target) => peekAt(this.#world.pool, target) !== undefined,
    );
    const { currsize } = this.#world.pool.cacheInfo();
    const unseen = this.#world.graph.some(({ kind }) => kind === 'undefined');
    if (found.length > currsize || (!unseen && found.length < currsize)) {
      this.#world.fail(`${found.length} entries are found of ${currsize}`);
    }
  }
}
