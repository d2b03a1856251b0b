// One worker thread: a piscina of exactly one, so that a call can be placed on, and a death told of, a thread.
//
// piscina starts the thread, carries messages and ends it. Its queue is never used (one message at a time), its
// replacement of a dead thread neither: a thread that died is thrown away whole, because a replacement that fails
// to start would leave its task waiting for ever.
import { Piscina } from 'piscina';
import { PoolError } from '../errors.ts';
import type { Phase } from '../types.ts';
import {
  isOwnMessage,
  type LateErrorMessage,
  makeControl,
  readPhase,
  type ThreadMessage,
  type ThreadSetup,
} from '../wire.ts';
import type { Entry } from './entry.ts';

export interface ThreadOptions {
  readonly entry: Entry;
  readonly modules: readonly string[];
  readonly builtIns: boolean;
  readonly stackSizeMb: number;
  /** The heap limit of the thread; undefined for the engine's own. */
  readonly workerMemoryMb: number | undefined;
  readonly onLateError: (message: LateErrorMessage) => void;
}

// A larger young generation keeps garbage collection from scanning a deep stack at every turn: a million levels
// deep it takes a loop's time instead of twice that.
const YOUNG_GENERATION_MB = 64;

export class Thread {
  readonly #piscina: Piscina;
  readonly #control = makeControl();
  readonly #options: ThreadOptions;
  #exitCode: number | undefined;
  /** Functions that have run here before: they run as soon as they are sent. */
  readonly #warm = new Set<string>();
  /** The call under way whose function has not run here yet. */
  #starting: { readonly name: string; readonly onRunning: () => void } | undefined;

  /** @throws what `new Worker` throws: ERR_WORKER_INIT_FAILED, ERR_ACCESS_DENIED */
  constructor(options: ThreadOptions) {
    this.#options = options;
    const { modules, builtIns, entry } = options;
    const compute = entry.compute.href;
    const setup: ThreadSetup = {
      compute,
      needsTsx: entry.needsTsx,
      modules,
      builtIns,
      control: this.#control,
    };
    this.#piscina = new Piscina({
      filename: entry.file.href,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      atomics: 'disabled',
      recordTiming: false,
      workerData: setup,
      resourceLimits: {
        stackSizeMb: options.stackSizeMb,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        ...(options.workerMemoryMb === undefined ? {} : { maxOldGenerationSizeMb: options.workerMemoryMb }),
      },
    });
    this.#piscina.on('error', () => {}); // a death between calls: the next call finds out
    this.#piscina.on('message', (message: unknown) => this.#receive(message));
    this.#piscina.threads[0]?.once('exit', (code) => {
      this.#exitCode = code;
    });
  }

  /** False once the thread has ended by itself. */
  get alive(): boolean {
    return this.#exitCode === undefined;
  }

  get phase(): Phase {
    return readPhase(this.#control);
  }

  /**
   * Sends one message; the next may follow when this has settled.
   *
   * @param onRunning told when the function begins: not while the thread still starts, or imports modules
   * @throws PoolError ERR_WORKER_EXIT, ERR_WORKER_MEMORY, ERR_MODULE_LOAD, ERR_WORKER_START, ERR_WORKER_ERROR when the thread died
   */
  async send(message: ThreadMessage, onRunning: () => void = () => {}): Promise<unknown> {
    if (message.kind === 'call') this.#expectRunning(message.name, onRunning);
    try {
      return await this.#piscina.run(message);
    } catch (error) {
      throw this.#deathOf(message, error);
    }
  }

  /** Ends the thread; what it was doing is lost. */
  async end(): Promise<void> {
    await this.#piscina.destroy();
  }

  // Only what the entry sends: a user's function may post messages of its own.
  #receive(message: unknown): void {
    if (!isOwnMessage(message)) return;
    if (message.kind === 'memopool:late-error') {
      this.#options.onLateError(message);
      return;
    }
    this.#warm.add(message.name); // bounded by the exports there are
    if (this.#starting?.name === message.name) this.#starting.onRunning();
  }

  #expectRunning(name: string, onRunning: () => void): void {
    this.#starting = undefined;
    if (this.#warm.has(name)) onRunning();
    else this.#starting = { name, onRunning };
  }

  // The phase in shared memory tells what the thread was about when it died.
  #deathOf(message: ThreadMessage, error: unknown): PoolError {
    const name = message.kind === 'call' ? message.name : message.kind;
    const code = codeOf(error);
    const details = { name, exitCode: this.#exitCode };
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const { workerMemoryMb } = this.#options;
      const limit = workerMemoryMb === undefined ? "the engine's own limit" : `${workerMemoryMb} MB`;
      return new PoolError(
        'ERR_WORKER_MEMORY',
        `The worker that computed ${name} ran out of heap (${limit}); raise the option workerMemoryMb, or keep less.`,
        { cause: error, details },
      );
    }
    if (code?.startsWith('ERR_WORKER_')) {
      return new PoolError('ERR_WORKER_START', `A worker thread could not start: ${String(error)}`, {
        cause: error,
      });
    }
    if (this.#exitCode === undefined) {
      return new PoolError('ERR_WORKER_ERROR', `The worker that computed ${name} failed: ${String(error)}`, {
        cause: error,
        details,
      });
    }
    const exit = `ended its thread with process.exit (code ${this.#exitCode})`;
    if (this.phase === 'load') {
      return new PoolError(
        'ERR_MODULE_LOAD',
        `A module of the pool ${exit} while it was imported for ${name}.`,
        {
          details: { ...details, modules: this.#options.modules },
        },
      );
    }
    return new PoolError(
      'ERR_WORKER_EXIT',
      `${name}, or what an earlier call left behind, ${exit}; a function of a pool must not exit.`,
      {
        details,
      },
    );
  }
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}
