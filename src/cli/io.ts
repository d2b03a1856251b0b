// What a command may use of the process: main.ts gives it, and so does a test. Commands never touch `process`.
import type { Piece } from './pieces.ts';

export interface CommandIo {
  /** Where relative paths begin. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Bytes piped in; nothing is read of them before someone asks. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Stdout;
  readonly stderr: Stderr;
  /** Aborted when the process is told to end: Ctrl-C. */
  readonly signal: AbortSignal;
  /** Runs another program to its end, with the streams and signals of this one; gives its exit code. */
  launch(program: Launch): Promise<number>;
  /** From now on, who is told to end has some seconds to keep what it has; told so again, it has none. */
  askForTime(): void;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where text goes, piece by piece. */
export interface Output {
  /** Settles when the piece has left the process, so that waiting for it bounds the memory. */
  write(piece: Piece): Promise<void>;
}

/** Who reads the output: a person, a file, or another program, which may write to the same terminal. */
export type Reader = 'terminal' | 'file' | 'program';

export interface Stdout extends Output {
  readonly reader: Reader;
  /** The width of the terminal; undefined when there is none. */
  readonly columns: number | undefined;
}

export interface Stderr {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  write(text: string): void;
}
