// What a row of the fault matrix has at hand, and what is checked after every row: the invariant of all faults.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { createPool, PoolOptions } from '../../../src/index.ts';
import type { Failure, Row, TestPool, Tools } from './row.ts';
import { Tally } from './tally.ts';

export interface TrialOptions {
  readonly row: Row;
  readonly workers: number;
  readonly root: string;
  readonly createPool: typeof createPool;
}

interface Opened {
  readonly pool: TestPool;
  readonly tally: Tally;
  readonly kind: 'ordinary' | 'broken' | 'nesting';
}

/** What the parent is told of a row that held. */
export interface Report {
  readonly outcome: string;
  readonly codes: readonly string[];
}

const CALL_CHANNELS = ['memopool:hit', 'memopool:join', 'memopool:miss'];
const MATRIX = 'test/faults/matrix';

export class Trial implements Tools {
  readonly workers: number;
  readonly root: string;
  readonly #options: TrialOptions;
  readonly #pools: Opened[] = [];
  readonly #codes = new Set<string>();
  readonly #warnings: (Error & { readonly code?: string })[] = [];
  readonly #stray: unknown[] = [];
  readonly #onWarning: (() => void)[] = [];
  /** What functions say of themselves, which needs no turn of their event loops. */
  readonly #channel = new BroadcastChannel('memopool-faults');
  readonly #onBegun = new Map<unknown, () => void>();
  /** Calls that the events of pools have told of. */
  #told = 0;
  readonly #countTold = () => {
    this.#told++;
  };
  #started = 0;
  #ended = 0;

  constructor(options: TrialOptions) {
    this.#options = options;
    this.workers = options.workers;
    this.root = options.root;
    process.on('unhandledRejection', (error) => this.#stray.push(error));
    process.on('uncaughtException', (error) => this.#stray.push(error));
    process.on('warning', (warning) => {
      if (warning.name === 'ExperimentalWarning') return; // of the permission model, on Node 20
      this.#warnings.push(warning);
      for (const look of this.#onWarning) look();
    });
    this.#channel.onmessage = (event) => {
      this.#onBegun.get((event as MessageEvent).data)?.();
    };
    process.on('worker', (worker: Worker) => {
      this.#started++;
      worker.once('exit', () => this.#ended++);
    });
  }

  async run(): Promise<Report> {
    const { row } = this.#options;
    const outcome = await row.run(this);
    for (const opened of this.#pools) await this.#checkAfterwards(opened);
    this.#channel.close();
    await nextTurns();
    assert.equal(this.#ended, this.#started, 'threads that ended, of those that were started');
    assert.deepEqual(this.#stray, [], 'errors that nobody handled');
    const warned = [...new Set(this.#warnings.map(({ code, name }) => code ?? name))];
    assert.deepEqual(warned.toSorted(), [...(row.warnings ?? [])].toSorted(), 'process warnings');
    return { outcome, codes: [...this.#codes].toSorted() };
  }

  /** Errors that nobody handled, after the report too. */
  get stray(): readonly unknown[] {
    return this.#stray;
  }

  // Fields, so that a row can take what it needs out of its tools.

  readonly open: Tools['open'] = (options = {}) => this.#open(options, 'ordinary');

  readonly openBroken: Tools['openBroken'] = (options) => this.#open(options, 'broken');

  readonly openNesting: Tools['openNesting'] = (options = {}) => {
    for (const channel of CALL_CHANNELS) {
      unsubscribe(channel, this.#countTold); // of the pool before
      subscribe(channel, this.#countTold);
    }
    return this.#open({ functions: this.moduleUrl('nesting-functions.js'), ...options }, 'nesting');
  };

  readonly nested: Tools['nested'] = (pool, calls) => {
    const tally = this.#pools.find((opened) => opened.pool === pool)?.tally;
    tally?.add(calls ?? this.#told - tally.calls);
  };

  #open(options: PoolOptions, kind: Opened['kind']): TestPool {
    const pool = this.#options.createPool({
      workers: this.workers,
      functions: this.moduleUrl('functions.js'),
      stackSizeMb: 32,
      ...options,
    }) as unknown as TestPool; // its functions are looked up by name
    this.#pools.push({ pool, tally: new Tally(pool, kind === 'nesting'), kind });
    return pool;
  }

  readonly moduleUrl: Tools['moduleUrl'] = (name) => pathToFileURL(`${this.root}${MATRIX}/${name}`);

  readonly fails: Tools['fails'] = async (call, code, words = /./) => {
    const error = await rejection(call);
    assert.equal(error.code, code, `the code of ${String(error)}`);
    assert.match(error.message, words);
    if (code.startsWith('ERR_') && error.name === 'PoolError') this.#codes.add(code);
    return error;
  };

  readonly failsTwice: Tools['failsTwice'] = async (call, code, words) => {
    const first = await this.fails(call(), code, words);
    const second = await this.fails(call(), code, words);
    assert.equal(second.message, first.message, 'the message of the second call');
    return first;
  };

  readonly begin: Tools['begin'] = (pool, { name, args = [], options = {}, begins }) => {
    const label = begins ?? `${name} ${args[0]}`;
    const running = new Promise<void>((resolve) => this.#onBegun.set(label, resolve));
    return { answer: pool.run(name, args as unknown[], options), running };
  };

  readonly openGate: Tools['openGate'] = (label) => this.#channel.postMessage(`open ${label}`);

  readonly threadsStarted: Tools['threadsStarted'] = () => this.#started;

  readonly warned: Tools['warned'] = (code) =>
    new Promise((resolve) => {
      const look = () => {
        const warning = this.#warnings.find((one) => one.code === code);
        if (warning !== undefined) resolve(warning);
      };
      this.#onWarning.push(look);
      look();
    });

  readonly produced: Tools['produced'] = (code) => {
    this.#codes.add(code);
  };

  async #checkAfterwards({ pool, tally, kind }: Opened): Promise<void> {
    if (kind !== 'broken' && !tally.isClosed) {
      const fresh = Array.from({ length: this.workers }, (_, n) => pool.run('twice', [1e9 + n]));
      assert.deepEqual(
        await Promise.all(fresh),
        fresh.map((_, n) => 2e9 + 2 * n),
      );
    }
    await tally.check();
    await pool.close();
    const { workers, queued, busy, open, flights } = pool.stats();
    const left = { workers, queued, busy, open, flights };
    assert.deepEqual(left, { workers: 0, queued: 0, busy: 0, open: 0, flights: 0 });
  }
}

async function rejection(call: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await call;
  } catch (error) {
    assert(error instanceof Error, `expected an Error to be thrown, got ${String(error)}`);
    return error;
  }
  return assert.fail(`expected an error, got the value ${String(value)}`);
}

// What is told late comes within these.
async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
