// What the process gives to a command, and takes from it: argv's work is done in program.ts, by what is here.
import type { CommandIo } from './io.ts';
import { launch, passOn } from './launch.ts';
import { openStderr, openStdout } from './stdio.ts';

// What the shell reports for a process that a signal has ended.
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
// A worker deep in the engine (a JSON.parse, say) can hold up process.exit for as long as that takes.
const LONGEST_END_MS = 70;
// For who has something to keep.
const LONGEST_KEEPING_MS = 5000;
// What starts a program may pass on a signal that the program has had itself, as timeout and npm do: these are one.
const SAME_SIGNAL_MS = 300;

/** Runs a command in this process to its end, and sets the exit code that `run` resolves with, or that of a signal. */
export async function runProcess(run: (io: CommandIo) => Promise<number>): Promise<void> {
  const stdout = openStdout(1, process.stdout);
  // The result alone goes to stdout, so what functions print in their workers goes to stderr.
  Object.defineProperty(process, 'stdout', { configurable: true, get: () => process.stderr });

  const interruption = new AbortController();
  let hasAskedForTime = false;
  let signalledAt = 0;
  let signalCode: number | undefined;
  for (const [name, code] of Object.entries(SIGNAL_CODES)) {
    process.on(name, function onSignal() {
      if (passOn(name as NodeJS.Signals)) return;
      const now = performance.now();
      const isSame = code === signalCode && now - signalledAt < SAME_SIGNAL_MS;
      if (hasAskedForTime && isSame) return;
      const isSecond = signalCode !== undefined;
      if (!isSecond) signalledAt = now;
      signalCode ??= code;
      // Without a handler the signal ends the process, whatever its threads do.
      const letGo = () => process.off(name, onSignal);
      if (hasAskedForTime && !isSecond) setTimeout(letGo, SAME_SIGNAL_MS);
      else letGo();
      const end = () => {
        letGo();
        process.kill(process.pid, name);
      };
      if (isSecond) end();
      else setTimeout(end, hasAskedForTime ? LONGEST_KEEPING_MS : LONGEST_END_MS);
      interruption.abort();
    });
  }

  const exitCode = await run({
    cwd: process.cwd(),
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr: openStderr(process.stderr),
    signal: interruption.signal,
    launch,
    askForTime() {
      hasAskedForTime = true;
    },
    now: () => performance.now(),
  });
  // After a result never process.exit: it would cut off what a slow pipe has not taken yet.
  if (signalCode === undefined) process.exitCode = exitCode;
  else process.exit(signalCode);
}
