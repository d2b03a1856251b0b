// `memopool` as a process, whose `tune` measures nothing: TUNE_FAKE tells how it goes.
import { writeSync } from 'node:fs';
import { runProcess } from '../../../src/cli/process.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { type Course, fakeParts } from './fake-parts.ts';

const course = (process.env['TUNE_FAKE'] ?? 'whole') as Course;
const { parts } = fakeParts(course, (line) => writeSync(2, line));
await runProcess((io) => runProgram(process.argv.slice(2), io, parts));
