// A process for commands under test: what they write is kept, and its clock goes as it is told.
import type { CommandIo } from '../../../src/cli/io.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { type Course, fakeParts } from './fake-parts.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly unknown[];
}

export interface Setting {
  readonly cwd: string;
  readonly course?: Course;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Of a terminal; else stdout is a pipe. */
  readonly columns?: number;
  readonly now?: () => number;
  /** Called when something has been found; tuning waits for it. */
  readonly onMeasuring?: () => Promise<void>;
}

/** Runs `memopool` with these arguments, in this process. */
export async function run(args: readonly string[], setting: Setting): Promise<Ran> {
  const { cwd, course = 'whole', env = {}, stdin = '', columns, now = () => 0, onMeasuring } = setting;
  let stdout = '';
  let stderr = '';
  const io: CommandIo = {
    cwd,
    env,
    stdin: (async function* () {
      yield new TextEncoder().encode(stdin);
    })(),
    stdout: {
      reader: columns === undefined ? 'program' : 'terminal',
      columns,
      write: async (piece) => {
        stdout += typeof piece === 'string' ? piece : new TextDecoder().decode(piece);
      },
    },
    stderr: {
      isTerminal: false,
      columns,
      write: (text) => {
        stderr += text;
      },
    },
    signal: new AbortController().signal,
    launch: () => Promise.resolve(0),
    askForTime() {},
    now,
  };
  const { parts, asked } = fakeParts(course, onMeasuring ?? (() => {}));
  const code = await runProgram(args, io, parts);
  return { code, stdout, stderr, asked };
}
