#!/usr/bin/env node
// The edge of the process: argv, streams, signals and the exit code. All else is in program.ts.
import { runProcess } from './process.ts';
import { runProgram } from './program.ts';

await runProcess((io) => runProgram(process.argv.slice(2), io));
