#!/usr/bin/env node
// The edge of the process: argv, streams, signals and the exit code. All else is in program.ts.
import { launch, passOn } from './launch.ts';
import { runProgram } from './program.ts';
import { openStderr, openStdout } from './stdio.ts';

// What the shell reports for a process that a signal has ended.
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
// A worker deep in the engine (a JSON.parse, say) can hold up process.exit for as long as that takes.
const LONGEST_END_MS = 70;

const stdout = openStdout(1, process.stdout);
// The result alone goes to stdout, so what functions print in their workers goes to stderr.
Object.defineProperty(process, 'stdout', { configurable: true, get: () => process.stderr });

const interruption = new AbortController();
let signalCode: number | undefined;
for (const [name, code] of Object.entries(SIGNAL_CODES)) {
  process.on(name, function onSignal() {
    if (passOn(name as NodeJS.Signals)) return;
    signalCode ??= code;
    interruption.abort();
    // Without a handler the signal ends the process, whatever its threads do.
    process.off(name, onSignal);
    setTimeout(() => process.kill(process.pid, name), LONGEST_END_MS);
  });
}

const exitCode = await runProgram(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout,
  stderr: openStderr(process.stderr),
  signal: interruption.signal,
  launch,
  now: () => performance.now(),
});
// After a result never process.exit: it would cut off what a slow pipe has not taken yet.
if (signalCode === undefined) process.exitCode = exitCode;
else process.exit(signalCode);
