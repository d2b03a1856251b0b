// The way of one call on the command line:
//
//   call -> output file? -> pool -> result as text -> stdout or file
//
// This module loads the pool, so it is itself loaded when a call needs it: help costs nothing. What comes after the
// call is loaded while the worker starts.
import { resolve } from 'node:path';
import { createPool } from '../create-pool.ts';
import { AbortError, PoolError, showValue } from '../errors.ts';
import type { PoolOptions } from '../options.ts';
import type { RunOptions } from '../pool-types.ts';
import type { CacheInfo } from '../stats.ts';
import { DigitsHandle } from '../values/digits-handle.ts';
import type { Answer } from './answer.ts';
import type { Surroundings } from './deliver.ts';
import type { Shares } from './estimate.ts';
import { FunctionFailed } from './failure.ts';
import type { CommandIo } from './io.ts';
import type { OutputFile } from './output-file.ts';
import { startProgress } from './progress.ts';
import type { Rendered } from './render.ts';
import type { Claim } from './verify.ts';

export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** The form of a result known to be a bigint, made by the worker; without it the result is rendered later. */
  readonly form?: 'digits' | 'hex';
  /** What the result's digits are said to be, if that is to be verified. */
  readonly claim?: Claim;
  /** What each phase is expected to take of the whole. */
  readonly shares?: Shares;
  readonly pool: PoolOptions;
}

/** The options that say where the answer goes, and how. */
export interface Destination {
  readonly json?: boolean;
  /** The path of a file for the result; `-` is stdout. */
  readonly output?: string;
  /** Whether that file may be replaced. */
  readonly force?: boolean;
}

/** Computes a call and writes its answer. */
export async function answerCall(call: Call, destination: Destination, io: CommandIo): Promise<void> {
  const file = await openFile(destination, io);
  const progress = startProgress(io, phasesOf(call, file !== undefined), call.shares);
  try {
    const answer = await compute(call, { io, progress });
    const { deliver } = await import('./deliver.ts');
    const target = { file, json: destination.json ?? false, claim: call.claim };
    await deliver(answer, target, { io, progress });
  } finally {
    progress.clear();
    await file?.close();
  }
}

async function openFile(
  { output, force = false }: Destination,
  io: CommandIo,
): Promise<OutputFile | undefined> {
  if (output === undefined || output === '-') return undefined;
  const { OutputFile } = await import('./output-file.ts');
  return OutputFile.open(resolve(io.cwd, output), { force, signal: io.signal });
}

// What goes to stdout is verified before; a file when it is written.
function phasesOf({ form, claim }: Call, isFile: boolean): string[] {
  const middle = form === undefined ? ['encode', 'convert'] : ['convert', 'encode'];
  const end = isFile ? ['write', 'verify'] : ['verify', 'write'];
  return ['load', 'compute', ...middle, ...end.filter((phase) => phase !== 'verify' || claim !== undefined)];
}

// The names come from the command line, so that the pool must check them and the compiler cannot.
interface AnyPool {
  run(name: string, args: readonly unknown[], options: RunOptions): Promise<unknown>;
  cacheInfo(): CacheInfo;
  close(): Promise<void>;
}

async function compute(call: Call, { io, progress }: Surroundings): Promise<Answer> {
  const { name, args, form } = call;
  const pool = openPool(call.pool);
  const start = io.now();
  try {
    const running = pool.run(name, args, {
      signal: io.signal,
      onProgress: ({ phase, done, total }) => {
        progress.enter(phase);
        if (phase === 'compute' && done !== undefined && total !== undefined) progress.advance(done / total);
      },
      ...(form === undefined ? {} : { as: form }),
    });
    const [value] = await Promise.all([ownErrors(name, running), import('./deliver.ts')]);
    const result = form === undefined ? await renderAny(value, { io, progress }) : digitsIn(value);
    return { name, args, result, elapsedMs: io.now() - start, cache: pool.cacheInfo() };
  } finally {
    await pool.close();
  }
}

function openPool(options: PoolOptions): AnyPool {
  return createPool(options) as unknown as AnyPool;
}

// Tells an error of the function from one of ours: the message of the first does not say where it comes from.
async function ownErrors(name: string, promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof PoolError || error instanceof AbortError) throw error;
    const what = error instanceof Error ? `${error.name}: ${error.message}` : showValue(error);
    throw new FunctionFailed(`${name} threw ${what}`, { cause: error });
  }
}

function digitsIn(value: unknown): Rendered {
  if (value instanceof DigitsHandle) return { kind: 'handle', digits: value };
  return { kind: 'digits', text: String(value), base: 16 };
}

// A large bigint becomes digits in a worker of its own: the pool's functions are the user's alone.
async function renderAny(value: unknown, { io, progress }: Surroundings): Promise<Rendered> {
  const { render, digitsModule } = await import('./render.ts');
  return render(value, async (large) => {
    progress.enter('convert');
    const pool = openPool({ functions: digitsModule(), builtIns: false, workers: 1, maxsize: 0 });
    try {
      return String(await pool.run('digitsOf', [large], { signal: io.signal }));
    } finally {
      await pool.close();
    }
  });
}
