// Writes an answer where it belongs, and takes the progress bar away before anything can appear in its place.
import { type Answer, factsJson, SHORT_LENGTH, shortForm, showLength, wholeJson } from './answer.ts';
import { charactersOf, contentsOf, lengthOf } from './contents.ts';
import { VerificationFailed } from './failure.ts';
import type { CommandIo, Output } from './io.ts';
import type { OutputFile } from './output-file.ts';
import { type Piece, sha256Of, writePieces } from './pieces.ts';
import { type Progress, seconds } from './progress.ts';
import type { Claim, Verified } from './verify.ts';

export interface Target {
  /** Where the result goes instead of stdout. */
  readonly file: OutputFile | undefined;
  /** Whether stdout gets the answer as JSON. */
  readonly json: boolean;
  /** What its digits are said to be, if they are to be verified. */
  readonly claim?: Claim | undefined;
}

/** What a call sees of the process while it is under way. */
export interface Surroundings {
  readonly io: CommandIo;
  readonly progress: Progress;
}

/** @throws VerificationFailed when the digits are not what they are said to be; then nothing is in its place */
export async function deliver(computed: Answer, target: Target, surroundings: Surroundings): Promise<void> {
  const { file, json, claim } = target;
  if (file !== undefined) {
    surroundings.progress.enter('write');
    await writeLine(file, contentsOf(computed.result), {
      length: charactersOf(computed.result),
      ...surroundings,
    });
  }
  const verified = claim === undefined ? undefined : await verify(computed, { file, claim }, surroundings);
  await file?.commit();
  const answer = verified === undefined ? computed : { ...computed, verified };
  if (file === undefined) surroundings.progress.enter('write');
  if (json) await writeJson(answer, file, surroundings);
  else if (file === undefined) await writeResult(answer, surroundings);
  else noteFile(answer, file, surroundings);
}

// Of a file, what stands in it.
async function verify(
  { result }: Answer,
  { file, claim }: { readonly file: OutputFile | undefined; readonly claim: Claim },
  surroundings: Surroundings,
): Promise<Verified> {
  const { io, progress } = surroundings;
  const { showVerified, verifyDigits, withoutNewline } = await import('./verify.ts');
  progress.enter('verify');
  const chunks = file === undefined ? bytesOf(contentsOf(result)) : withoutNewline(file.contents());
  try {
    const verified = await verifyDigits(chunks, claim, {
      signal: io.signal,
      onChecked: (fraction) => progress.advance(fraction),
    });
    progress.hide();
    io.stderr.write(`memopool: ${showVerified(claim, verified)}.\n`);
    return verified;
  } catch (error) {
    if (!(error instanceof VerificationFailed)) throw error;
    const where = file === undefined ? 'Nothing was written' : `${file.path} was not written`;
    throw new VerificationFailed(`${error.message} ${where}.`, { cause: error });
  }
}

function* bytesOf(pieces: Iterable<Piece>): Generator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

async function writeResult({ result }: Answer, surroundings: Surroundings): Promise<void> {
  const { stdout } = surroundings.io;
  if (stdout.reader === 'terminal' && lengthOf(result) > SHORT_LENGTH) {
    const text = shortForm(result, await sha256Of(contentsOf(result)));
    await writeLine(beforeReader(surroundings), [text], { length: text.length, ...surroundings });
    return;
  }
  await writeLine(beforeReader(surroundings), contentsOf(result), {
    length: charactersOf(result),
    ...surroundings,
  });
}

async function writeJson(
  answer: Answer,
  file: OutputFile | undefined,
  surroundings: Surroundings,
): Promise<void> {
  const { io, progress } = surroundings;
  const { result } = answer;
  const facts = factsJson(answer, await sha256Of(contentsOf(result)));
  const isLeftOut =
    file !== undefined || (io.stdout.reader === 'terminal' && lengthOf(result) > SHORT_LENGTH);
  const place = file === undefined ? '' : `,"file":${JSON.stringify(file.path)}`;
  const pieces = isLeftOut ? [facts, place, '}\n'] : wholeJson(facts, result);
  await writePieces(beforeReader(surroundings), pieces, {
    signal: io.signal,
    onWritten: (length) => progress.advance(Math.min(1, length / (facts.length + charactersOf(result)))),
  });
}

interface Writing extends Surroundings {
  /** The characters in all. */
  readonly length: number;
}

/** Writes a line. */
async function writeLine(
  output: Output,
  pieces: Iterable<Piece>,
  { io, progress, length }: Writing,
): Promise<void> {
  await writePieces(output, line(pieces), {
    signal: io.signal,
    onWritten: (written) => progress.advance(written / (length + 1)),
  });
}

function* line(pieces: Iterable<Piece>): Generator<Piece> {
  yield* pieces;
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
