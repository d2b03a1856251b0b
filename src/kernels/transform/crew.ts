// Who does the pieces of a phase.
import type { Thread } from './tasks.ts';
import { doJoin, doMiddle, doSplit, type JoinWork, type MiddleWork, type SplitWork } from './tasks.ts';

/** The tasks of phases, by name. */
export interface Works {
  readonly split: SplitWork;
  readonly middle: MiddleWork;
  readonly join: JoinWork;
}

export type TaskName = keyof Works;

export interface Crew {
  /** Does every piece of a phase, and returns when all are done. */
  run<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void;
}

type Doing<Name extends TaskName> = (thread: Thread, work: Works[Name], piece: number) => void;

const TASKS: { readonly [Name in TaskName]: Doing<Name> } = {
  split: doSplit,
  middle: doMiddle,
  join: doJoin,
};

/** One thread does all. */
export function alone(thread: () => Thread): Crew {
  return {
    run: (name, work, pieces) => {
      const task = TASKS[name];
      const self = thread();
      for (let piece = 0; piece < pieces; piece++) task(self, work, piece);
    },
  };
}
