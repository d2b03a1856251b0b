// One tuning, from its settings to its files and summary:
//
//   progress -> bar, and the JSON every few seconds
//   the end, or Ctrl-C -> JSON, CSV, page -> stdout
import type { PoolOptions } from '../../options.ts';
import type { TuneOptions, TuneProgress } from '../../tuning/options.ts';
import type { TuneResult } from '../../tuning/result.ts';
import { summaryOf } from '../../tuning/summary.ts';
import { Failure, reportOf } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { writePieces } from '../pieces.ts';
import { startProgress } from '../progress.ts';
import type { TuneParts } from './parts.ts';
import type { ReportFiles } from './report-files.ts';

export interface Session {
  readonly options: TuneOptions;
  readonly pool: PoolOptions;
  /** Undefined when none are wanted. */
  readonly files: ReportFiles | undefined;
  readonly json: boolean;
}

/** What a session sees of the process, and what it is made of. */
export interface Surroundings {
  readonly io: CommandIo;
  readonly parts: TuneParts;
}

/**
 * Measures, and tells what was found; told to end, what was found until then.
 *
 * @throws what tuning throws, after what was measured before is kept; Failure when a file cannot be written, or nothing was
 *   measured
 */
export async function runSession(session: Session, { io, parts }: Surroundings): Promise<void> {
  const { files, json } = session;
  io.askForTime();
  const result = await measure(session, { io, parts });
  if (io.signal.aborted && (result === undefined || !hasFound(result))) {
    io.stderr.write('memopool: Ended before anything was measured.\n');
    return;
  }
  if (result === undefined) return;
  if (!hasFound(result)) throw new Failure(result.advice.findings[0] ?? 'Nothing was measured.');
  const failure = await kept(result, files, { io, parts });
  await tell(result, json, io);
  if (failure === undefined) return;
  // Who told the process to end is told of nothing else by who reports errors, but a file that is not there matters.
  if (io.signal.aborted) io.stderr.write(`memopool: ${reportOf(failure.error, { debug: false }).message}\n`);
  else throw failure.error;
}

const SAVE_EVERY_MS = 3000;

async function measure(session: Session, { io, parts }: Surroundings): Promise<TuneResult | undefined> {
  const { options, pool, files } = session;
  const progress = startProgress(io, ['tune'], { tune: 1 });
  let latest: TuneProgress | undefined;
  let savedAt = io.now();
  const save = () => {
    const found = latest?.result();
    if (found !== undefined && hasFound(found)) files?.save({ ...found, isComplete: false });
  };
  const onProgress = (now: TuneProgress) => {
    latest = now;
    progress.say(now.stage);
    progress.advance(now.fraction);
    if (io.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = io.now();
    save();
  };
  progress.enter('tune');
  try {
    const tuning = parts.tune({ ...options, signal: io.signal, onProgress }, pool);
    return (await inTime(tuning, io.signal)) ?? incomplete(latest);
  } catch (error) {
    if (io.signal.aborted) return incomplete(latest);
    progress.clear();
    save();
    await files?.saved();
    if (files?.isSaved) {
      io.stderr.write(`memopool: What was measured until then is in ${files.paths.json}.\n`);
    }
    throw error;
  } finally {
    progress.clear();
  }
}

function incomplete(latest: TuneProgress | undefined): TuneResult | undefined {
  return latest === undefined ? undefined : { ...latest.result(), isComplete: false };
}

// Of the seconds that there are to keep what was found, tuning may take so many to come to an end: a worker may hang.
const ENDING_MS = 2000;

// Undefined when it takes longer than that after the signal.
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    onAbort = () => {
      timer = setTimeout(resolve, ENDING_MS, undefined);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function hasFound({ workers, sizes, memos }: TuneResult): boolean {
  return workers !== null || sizes !== null || memos.length > 0;
}

// The files come before the summary: whoever reads that may leave in the middle of it. What goes wrong with them is told after
// it, because it is the same result.
async function kept(
  result: TuneResult,
  files: ReportFiles | undefined,
  { io, parts }: Surroundings,
): Promise<{ readonly error: unknown } | undefined> {
  if (files === undefined) return undefined;
  const { html, json } = files.paths;
  try {
    await files.write(result, () => parts.renderReport(result));
    io.stderr.write(`memopool: The report is ${html}, with its JSON and CSV files beside it.\n`);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    if (!result.isComplete && files.isSaved) {
      io.stderr.write(`memopool: To go on from here, give the same command with --resume ${json}\n`);
    }
  }
}

const NEVER = new AbortController().signal;
const DEFAULT_COLUMNS = 80;

/** Writes a result to stdout: a line of JSON, or the summary. */
export async function tell(result: TuneResult, json: boolean, io: CommandIo): Promise<void> {
  const text = json ? JSON.stringify(result) : summaryFor(result, io).join('\n');
  // Told to end already, what was found is still written.
  const signal = io.signal.aborted ? NEVER : io.signal;
  await writePieces(io.stdout, [`${text}\n`], { signal, onWritten() {} });
}

function summaryFor(result: TuneResult, { env, stdout }: CommandIo): string[] {
  const isTerminal = stdout.reader === 'terminal';
  return summaryOf(result, {
    columns: (isTerminal ? stdout.columns : undefined) || DEFAULT_COLUMNS,
    colors: isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    unicode: showsUnicode(env),
  });
}

// The first of these that is set is what counts; Windows Terminal sets none, and shows it.
function showsUnicode(env: CommandIo['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) || env['WT_SESSION'] !== undefined;
}
