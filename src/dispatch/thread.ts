// One worker thread: a piscina of exactly one, so that calls can be placed on, and a death told of, a thread.
//
// piscina starts the thread and ends it. Its one task is to open a port, over which everything else goes: a message of
// many calls, and answers while the thread computes on. Its replacement of a dead thread is not used either: a thread
// that died is thrown away whole, because a replacement that fails to start would leave its task waiting for ever.
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { Control } from '../control.ts';
import { PoolError } from '../errors.ts';
import type { Phase } from '../types.ts';
import type { FromThread, ThreadMessage, ThreadSetup } from '../wire.ts';
import type { Entry } from './entry.ts';

export interface ThreadOptions {
  readonly entry: Entry;
  readonly modules: readonly string[];
  readonly builtIns: boolean;
  /** What its memos may keep between calls. */
  readonly memoBytes: number | null;
  /** Whether `1` and `1n` are different arguments to the front cache. */
  readonly typed: boolean;
  /** The most threads of the pool. */
  readonly workers: number;
  readonly stackSizeMb: number;
  /** The heap limit of the thread; undefined for the engine's own. */
  readonly workerMemoryMb: number | undefined;
}

/** Told of a thread until it is ended. */
export interface ThreadEvents {
  onMessage(message: FromThread): void;
  /** The thread has ended by itself; told once. */
  onDeath(): void;
}

/** What a slot needs of its thread. */
export interface ThreadHandle {
  readonly control: Control;
  /**
   * Sends a message; the thread reads messages in the order they were sent in.
   *
   * @param transfer what of it changes hands
   */
  post(message: ThreadMessage, transfer?: readonly (ArrayBuffer | MessagePort)[]): void;
  /** Hears at once what the thread has told and is still on the way. */
  read(): void;
  /** Whether the thread keeps the process alive. */
  hold(isHeld: boolean): void;
  /** Ends the thread; what it was doing is lost, and nothing is told any more. */
  end(): Promise<void>;
  /**
   * Why the thread died by itself.
   *
   * @param name the function it was computing
   * @param phase what it was doing for it; by default what it was doing
   */
  deathOf(name: string, phase?: Phase): PoolError;
}

// A larger young generation keeps garbage collection from scanning a deep stack at every turn: a million levels
// deep it takes a loop's time instead of twice that.
const YOUNG_GENERATION_MB = 64;

export class Thread implements ThreadHandle {
  readonly control: Control = new Control();
  readonly #options: ThreadOptions;
  readonly #piscina: Piscina;
  readonly #worker: Worker | undefined;
  /** Node's number of the thread, as logs and profiles have it; a thread that has ended has none any more. */
  readonly #threadId: number | undefined;
  readonly #port: MessagePort;
  readonly #events: ThreadEvents;
  #isOver = false;
  #isHeld = false;
  /** The thread has let go of its port, as it does shortly before it ends. */
  #isPortClosed = false;
  #error: unknown;
  #exitCode: number | undefined;

  /** @throws what `new Worker` throws: ERR_WORKER_INIT_FAILED, ERR_ACCESS_DENIED */
  constructor(options: ThreadOptions, events: ThreadEvents) {
    this.#options = options;
    this.#events = events;
    const { modules, builtIns, memoBytes, typed, workers, entry } = options;
    const setup: ThreadSetup = {
      compute: entry.compute.href,
      needsTsx: entry.needsTsx,
      modules,
      builtIns,
      memoBytes,
      typed,
      workers,
      control: this.control.buffer,
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
    this.#piscina.on('error', () => {}); // the thread itself tells
    this.#worker = this.#piscina.threads[0];
    this.#threadId = this.#worker?.threadId;
    this.#worker?.once('error', (error) => {
      this.#error = error;
    });
    this.#worker?.once('exit', (code) => {
      this.#exitCode = code;
      this.#die();
    });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.on('message', (message: FromThread) => {
      if (!this.#isOver) events.onMessage(message);
    });
    port1.on('close', () => {
      this.#isPortClosed = true;
      if (!this.#isOver) this.hold(this.#isHeld);
    });
    port1.unref();
    this.#piscina.run(port2, { transferList: [port2] }).catch((error: unknown) => {
      this.#error ??= error;
      this.#die();
    });
  }

  post(message: ThreadMessage, transfer: readonly (ArrayBuffer | MessagePort)[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  read(): void {
    for (
      let told = receiveMessageOnPort(this.#port);
      told !== undefined;
      told = receiveMessageOnPort(this.#port)
    ) {
      if (!this.#isOver) this.#events.onMessage(told.message as FromThread);
    }
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    // A closed port keeps nothing alive, and the thread's death must still be told.
    const handle = this.#isPortClosed ? this.#worker : this.#port;
    if (isHeld) handle?.ref();
    else handle?.unref();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    this.#port.close();
    await this.#piscina.destroy();
  }

  #die(): void {
    this.read(); // nothing that was answered is lost with the thread
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onDeath();
  }

  /**
   * The phase in shared memory tells it: ERR_WORKER_EXIT, ERR_WORKER_MEMORY, ERR_MODULE_LOAD, ERR_WORKER_START or
   * ERR_WORKER_ERROR.
   */
  deathOf(name: string, phase: Phase = this.control.phase): PoolError {
    const error = this.#error;
    const code = codeOf(error);
    const details = { name, exitCode: this.#exitCode, worker: this.#threadId };
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
    // An error that ended the thread has an exit code too: nobody was left in it to hear the error.
    if (error !== undefined || this.#exitCode === undefined) {
      return new PoolError('ERR_WORKER_ERROR', `The worker that computed ${name} failed: ${String(error)}`, {
        cause: error,
        details,
      });
    }
    const exit = `ended its thread with process.exit (code ${this.#exitCode})`;
    if (phase === 'load') {
      return new PoolError(
        'ERR_MODULE_LOAD',
        `A module of the pool ${exit} while it was imported for ${name}.`,
        {
          details: { ...details, modules: this.#options.modules },
        },
      );
    }
    return new PoolError('ERR_WORKER_EXIT', `${name} ${exit}; a function of a pool must not exit.`, {
      details,
    });
  }
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}
