// Where in a file an error came about, as its stack tells: Node and esbuild write it in three ways.
import { fileURLToPath } from 'node:url';

export interface Position {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
}

// A source excerpt above the error: `file:///x.js:3`, alone in the first line. So Node does for CommonJS, and TypeScript.
const EXCERPT = /^(\S.*):(\d+)\n/;
// esbuild, by way of tsx: `/x.ts:3:16: ERROR: Unexpected "="`.
const TRANSFORM = /^(.+):(\d+):\d+: ERROR: /m;
const FRAME = /^\s+at (?:.* \(|async )?(.+?):(\d+):\d+\)?$/;
// Below it the frames are of who imported the module, not of the module.
const LOADER = /\bnode:internal\/modules\//;

/** Undefined where the stack has no such place: of a SyntaxError in an ES module, for one. */
export function positionOf(error: unknown): Position | undefined {
  const stack = stackOf(error);
  return (
    positionIn(EXCERPT.exec(stack)) ??
    positionIn(TRANSFORM.exec(stack)) ??
    firstFrame(stack.replace(messageOf(error), ''))
  );
}

function firstFrame(stack: string): Position | undefined {
  for (const line of stack.split('\n')) {
    if (LOADER.test(line)) return undefined;
    const position = positionIn(FRAME.exec(line));
    if (position !== undefined) return position;
  }
  return undefined;
}

function positionIn(match: RegExpExecArray | null): Position | undefined {
  const [, place = '', line] = match ?? [];
  const file = fileOf(place);
  return file === undefined ? undefined : { file, line: Number(line) };
}

/** The path of what is a file: Node's own modules are none, nor is `<anonymous>`. */
export function fileOf(place: string): string | undefined {
  if (/^(?:\/|[A-Za-z]:\\)/.test(place)) return place;
  try {
    return place.startsWith('file:') ? fileURLToPath(place) : undefined;
  } catch {
    return undefined;
  }
}

// It may look like a frame itself.
function messageOf(error: unknown): string {
  const message: unknown = error instanceof Error ? error.message : undefined;
  return typeof message === 'string' ? message : '';
}

// The error is the user's: its stack may be anything, and reading it may throw.
function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined;
    return typeof stack === 'string' ? stack : '';
  } catch {
    return '';
  }
}
