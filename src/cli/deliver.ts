// Writes an answer where it belongs, and takes the progress bar away before anything can appear in its place.
import {
  type Answer,
  factsJson,
  lengthOf,
  SHORT_LENGTH,
  shortForm,
  showLength,
  wholeJson,
} from './answer.ts';
import type { CommandIo, Output } from './io.ts';
import type { OutputFile } from './output-file.ts';
import { piecesOf, sha256Of, writePieces } from './pieces.ts';
import { type Progress, seconds } from './progress.ts';

export interface Target {
  /** Where the result goes instead of stdout. */
  readonly file: OutputFile | undefined;
  /** Whether stdout gets the answer as JSON. */
  readonly json: boolean;
}

/** What a call sees of the process while it is under way. */
export interface Surroundings {
  readonly io: CommandIo;
  readonly progress: Progress;
}

export async function deliver(
  answer: Answer,
  { file, json }: Target,
  surroundings: Surroundings,
): Promise<void> {
  if (file !== undefined) {
    await writeText(file, answer.result.text, surroundings);
    await file.commit();
  }
  if (json) await writeJson(answer, file, surroundings);
  else if (file === undefined) await writeResult(answer, surroundings);
  else noteFile(answer, file, surroundings);
}

async function writeResult({ result }: Answer, surroundings: Surroundings): Promise<void> {
  const { stdout } = surroundings.io;
  if (stdout.reader === 'terminal' && lengthOf(result) > SHORT_LENGTH) {
    const text = shortForm(result, await sha256Of(result.text));
    await writeText(beforeReader(surroundings), text, surroundings);
    return;
  }
  await writeText(beforeReader(surroundings), result.text, surroundings);
}

async function writeJson(
  answer: Answer,
  file: OutputFile | undefined,
  surroundings: Surroundings,
): Promise<void> {
  const { io, progress } = surroundings;
  const { result } = answer;
  const facts = factsJson(answer, await sha256Of(result.text));
  const isLeftOut =
    file !== undefined || (io.stdout.reader === 'terminal' && lengthOf(result) > SHORT_LENGTH);
  const place = file === undefined ? '' : `,"file":${JSON.stringify(file.path)}`;
  const pieces = isLeftOut ? [facts, place, '}\n'] : wholeJson(facts, result);
  await writePieces(beforeReader(surroundings), pieces, {
    signal: io.signal,
    onWritten: (length) => progress.advance(Math.min(1, length / (facts.length + result.text.length))),
  });
}

async function writeText(output: Output, text: string, { io, progress }: Surroundings): Promise<void> {
  await writePieces(output, line(text), {
    signal: io.signal,
    onWritten: (length) => progress.advance(length / (text.length + 1)),
  });
}

function* line(text: string): Generator<string> {
  yield* piecesOf(text);
  yield '\n';
}

// A program that reads stdout may write to the terminal where the bar is; a file does not.
function beforeReader({ io, progress }: Surroundings): Output {
  if (io.stdout.reader !== 'file') progress.clear();
  return io.stdout;
}

function noteFile({ result, elapsedMs }: Answer, file: OutputFile, { io, progress }: Surroundings): void {
  progress.clear();
  if (!io.stderr.isTerminal) return;
  io.stderr.write(`memopool: wrote ${showLength(result)} to ${file.path} (${seconds(elapsedMs)}).\n`);
}
