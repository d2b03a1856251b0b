// Who does the pieces of a phase.

import {
  doHeld,
  doJoin,
  doMiddle,
  doSplit,
  type HeldWork,
  type JoinWork,
  type MiddleWork,
  type SplitWork,
} from './tasks.ts';
import {
  type BytesWork,
  doBytes,
  doResidues,
  doText,
  type ResiduesWork,
  type TextWork,
} from './tasks-out.ts';
import type { Thread } from './thread.ts';

/** The tasks of phases, by name. What they work on are numbers alone, so that any thread can read them. */
export interface Works {
  readonly split: SplitWork;
  readonly middle: MiddleWork;
  readonly join: JoinWork;
  readonly held: HeldWork;
  readonly text: TextWork;
  readonly bytes: BytesWork;
  readonly residues: ResiduesWork;
}

export type TaskName = keyof Works;

export interface Crew {
  /** Does every piece of a phase, at most {@link MOST_PIECES}, and returns when all are done. */
  run<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void;
}

export const MOST_PIECES = 1023;

interface Task<Work> {
  /** The names of all the numbers of its work, in the order in which they stand in shared memory. */
  readonly fields: readonly (keyof Work & string)[];
  readonly doPiece: (thread: Thread, work: Work, piece: number) => void;
}

export const TASKS: { readonly [Name in TaskName]: Task<Works[Name]> } = {
  split: {
    fields: ['rows', 'table', 'digitsA', 'digitsB', 'a', 'b', 'upperA', 'upperB', 'weights'],
    doPiece: doSplit,
  },
  middle: { fields: ['rows', 'table', 'a', 'b', 'blocks', 'form', 'kind'], doPiece: doMiddle },
  join: {
    fields: ['rows', 'table', 'a', 'b', 'digitsA', 'digitsB', 'held', 'base', 'watch'],
    doPiece: doJoin,
  },
  held: { fields: ['rows', 'digitsA', 'digitsB', 'held', 'base'], doPiece: doHeld },
  text: { fields: ['digits', 'count', 'to', 'width', 'oddWidth', 'size'], doPiece: doText },
  bytes: { fields: ['digits', 'count', 'to', 'bits', 'size'], doPiece: doBytes },
  residues: { fields: ['at', 'count', 'isText', 'primes', 'results', 'places', 'size'], doPiece: doResidues },
};

/** One thread does all. */
export function alone(thread: Thread): Crew {
  return {
    run: (name, work, pieces) => {
      const { doPiece } = TASKS[name];
      for (let piece = 0; piece < pieces; piece++) doPiece(thread, work, piece);
    },
  };
}
