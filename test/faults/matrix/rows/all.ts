// The rows of the fault matrix, in the order of the page.
import type { Row } from '../row.ts';
import { refusals } from './arguments.ts';
import { bounds } from './bounds.ts';
import { closing } from './closing.ts';
import { commandLine } from './command-line.ts';
import { deaths } from './deaths.ts';
import { leaving } from './leaving.ts';
import { modules } from './modules.ts';
import { nestedEnds } from './nested-ends.ts';
import { nesting } from './nesting.ts';
import { system } from './system.ts';
import { time } from './time.ts';
import { values } from './values.ts';

export interface Chapter {
  readonly title: string;
  readonly rows: readonly Row[];
}

export const chapters: readonly Chapter[] = [
  { title: 'Threads that end, and errors outside of every call', rows: deaths },
  { title: 'Modules and names', rows: modules },
  { title: 'Calls that do not end in time', rows: time },
  { title: 'Results and errors', rows: values },
  { title: 'Arguments and options', rows: refusals },
  { title: 'Calls that calls make', rows: nesting },
  { title: 'Calls that wait for calls, when something ends', rows: nestedEnds },
  { title: 'Callers who leave', rows: leaving },
  { title: 'Closing', rows: closing },
  { title: 'Queue, cache and memos', rows: bounds },
  { title: 'The system', rows: system },
  { title: 'The command line', rows: commandLine },
];

export const rows: readonly Row[] = chapters.flatMap((chapter) => chapter.rows);
