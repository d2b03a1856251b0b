// What went wrong, as a person reads it: one message and an exit code for every error.
import { inspect } from 'node:util';
import type { CommanderError } from 'commander';
import { type ErrorCode, PoolError, showValue } from '../errors.ts';
import { unmark } from './negatives.ts';

/** The exit codes of the command, but for those of signals (128 + the signal's number). */
export const EXIT = { ok: 0, failed: 1, usage: 2, wrong: 3 } as const;

/** The command was not understood, or cannot be meant so: exit code 2. */
export class UsageError extends Error {}

/** Something failed on the way; the message is for a person and complete: exit code 1. */
export class Failure extends Error {}

/** A result is not what it has to be: exit code 3. */
export class VerificationFailed extends Error {}

/** The program that was to be run has ended with another code than 0: so do we. */
export class ProgramEnded extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`The program ended with ${exitCode}.`);
    this.exitCode = exitCode;
  }
}

/** Whoever read the output has seen enough, as `head` does: no failure. */
export class ReaderGone extends Error {}

/** The function that was called has thrown: its own error is the cause. */
export class FunctionFailed extends Error {}

export interface Report {
  readonly exitCode: number;
  /** Undefined when there is nothing to say. */
  readonly message: string | undefined;
}

/** @param debug whether stacks are wanted */
export function reportOf(error: unknown, { debug }: { readonly debug: boolean }): Report {
  if (error instanceof ReaderGone) return { exitCode: EXIT.ok, message: undefined };
  if (error instanceof ProgramEnded) return { exitCode: error.exitCode, message: undefined };
  if (isCommanderError(error)) return reportOfCommander(error);
  const message = messageOf(error);
  const stack = debug ? `\n${inspect(error)}` : '';
  return { exitCode: exitCodeOf(error), message: message + stack };
}

// The codes that say the call itself was wrong, and not that it went wrong.
const USAGE_CODES: readonly ErrorCode[] = [
  'ERR_ARGUMENT',
  'ERR_ARGUMENT_NOT_CLONEABLE',
  'ERR_FUNCTION_NOT_FOUND',
  'ERR_OPTION',
  'ERR_RESULT_TOO_LARGE',
];

function exitCodeOf(error: unknown): number {
  if (error instanceof VerificationFailed) return EXIT.wrong;
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof PoolError && USAGE_CODES.includes(error.code) ? EXIT.usage : EXIT.failed;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `Expected an Error, got ${showValue(error)}.`;
  return error.message === '' ? error.name : error.message;
}

// By its code, so that commander need not be loaded for it.
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && String(Reflect.get(error, 'code')).startsWith('commander.');
}

// Help and version are errors to commander too; it has written them by now, and the help that it shows when the
// command is missing.
function reportOfCommander(error: CommanderError): Report {
  const exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const shown = error.exitCode === 0 || error.code === 'commander.help';
  return { exitCode, message: shown ? undefined : commanderMessage(error.message) };
}

function commanderMessage(message: string): string {
  const sentence = unmark(message)
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
  const end = /[.?)]$/.test(sentence) ? '' : '.';
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${end} See memopool --help.`;
}
