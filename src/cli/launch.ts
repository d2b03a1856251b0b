// Another program in this one's place: with its streams, its signals and its exit code. An edge of the process, as main.ts is.
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { systemReason } from '../system-reason.ts';
import { Failure } from './failure.ts';
import type { Launch } from './io.ts';

let running: ChildProcess | undefined;

/** Runs a program to its end; its exit code, as the shell has it: 128 and the signal's number when a signal ended it. */
export function launch({ command, args, cwd, env }: Launch): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    running = child;
    child.once('error', (error) => {
      running = undefined;
      reject(new Failure(`${command} cannot be started: ${systemReason(error)}.`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      running = undefined;
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/** Passes a signal on to the program that runs; false when there is none, and the signal is ours. */
export function passOn(signal: NodeJS.Signals): boolean {
  if (running === undefined) return false;
  // A terminal sends Ctrl-C to both of us.
  if (signal !== 'SIGINT' || ![0, 1, 2].some((fd) => isatty(fd))) running.kill(signal);
  return true;
}
