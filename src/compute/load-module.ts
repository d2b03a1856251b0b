// Imports the user's modules, and says of one that cannot be imported what and where it is: quickly, and every time.
import { PoolError, showValue } from '../errors.ts';
import { type Position, positionOf } from './error-position.ts';
import type { LoopWatch } from './loop-watch.ts';

export type Exports = Readonly<Record<string, unknown>>;

export interface LoaderOptions {
  /** Of this thread's event loop; without it an import that never settles is given up by its time limit alone. */
  readonly watch?: LoopWatch;
  /** Finds the error of an ES module that cannot be parsed, of which Node does not tell the place. */
  readonly locate?: (search: Search) => Promise<Position | undefined>;
}

/** A module whose import fails with a SyntaxError. */
export interface Search {
  readonly url: string;
  /** Whether Node needs tsx to run it. */
  readonly needsTsx: boolean;
  /** The message of the error. */
  readonly message: string;
}

/** An import that takes longer than this, and is not stuck for certain, is given up. */
const LOAD_TIMEOUT_MS = 10_000;

export class ModuleLoader {
  readonly #options: LoaderOptions;
  // Both have an entry for a module of the pool at the most.
  /** Imports that were given up and have not settled since: they are not waited for again. */
  readonly #givenUp = new Map<string, PoolError>();
  readonly #located = new Map<string, Promise<Position | undefined>>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** @throws PoolError ERR_MODULE_LOAD */
  async load(url: string): Promise<Exports> {
    const givenUp = this.#givenUp.get(url);
    if (givenUp !== undefined) throw givenUp;
    try {
      if (needsTsx(url)) await registerTypeScript();
      return await this.#import(url);
    } catch (error) {
      if (error instanceof GivenUp) throw error.told;
      throw loadError(url, error, positionOf(error) ?? (await this.#locate(url, error)));
    }
  }

  async #import(url: string): Promise<Exports> {
    const { watch } = this.#options;
    const imported = import(url) as Promise<Exports>;
    const giveUp = (reason: string) => {
      const told = loadError(url, new Error(reason), undefined);
      const forget = () => this.#givenUp.delete(url);
      this.#givenUp.set(url, told);
      imported.then(forget, forget);
      return new GivenUp(told);
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const give = () =>
        reject(giveUp(`it is still being imported after ${LOAD_TIMEOUT_MS / 1000} s (${GUESS}).`));
      timer = setTimeout(give, LOAD_TIMEOUT_MS);
      timer.unref(); // it would keep the event loop from running empty
    });
    try {
      const inTime = Promise.race([imported, late]);
      if (watch === undefined) return await inTime;
      return await watch.settled(inTime, () =>
        giveUp(`its import waits for something that nothing is left to settle (${GUESS}).`),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #locate(url: string, error: unknown): Promise<Position | undefined> {
    const { locate } = this.#options;
    if (locate === undefined || !(error instanceof SyntaxError)) return undefined;
    const { message } = error;
    const located = this.#located.get(url) ?? locate({ url, needsTsx: needsTsx(url), message });
    this.#located.set(url, located);
    return located;
  }
}

// Apart from what a module may throw, which may be a PoolError too.
class GivenUp extends Error {
  readonly told: PoolError;

  constructor(told: PoolError) {
    super(told.message);
    this.told = told;
  }
}

const GUESS = "a top-level await that does not settle, or an export named 'then'?";

function loadError(url: string, cause: unknown, position: Position | undefined): PoolError {
  const place = position === undefined ? '' : ` (${position.file}:${position.line})`;
  const message = `The module ${url} cannot be loaded: ${messageOf(cause)}${place}`;
  return new PoolError('ERR_MODULE_LOAD', message, { cause, details: { url, ...position } });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${showValue(error)}.`;
  return `${error.name}: ${error.message}`;
}

function needsTsx(url: string): boolean {
  return /\.[mc]?tsx?$/.test(new URL(url).pathname) && !stripsTypes();
}

/** Whether this Node runs TypeScript by itself (22.18 and later, unless switched off). */
function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}

const REGISTERED: unique symbol = Symbol.for('memopool.typescript') as never;

// Before Node 22.18 a TypeScript module needs tsx, which a user who runs TypeScript has: an optional peer.
async function registerTypeScript(): Promise<void> {
  const host = globalThis as { [REGISTERED]?: true };
  if (host[REGISTERED]) return;
  try {
    const { register } = await import('tsx/esm/api');
    register();
    host[REGISTERED] = true;
  } catch (cause) {
    throw new Error(
      `Node ${process.version} runs no TypeScript by itself: install tsx beside memopool, or give the compiled .js.`,
      { cause },
    );
  }
}
