// What a call is made of: a name and arguments, checked before anything of it is counted or queued.
import { PoolError, showValue } from './errors.ts';

const LONGEST_NAME = 1000;
// More than a function can be called with on any stack; a longer list is an array that was meant as one argument.
export const MOST_ARGUMENTS = 65_535;

// Small, so that the engine inlines it into the way of a hit.
export function checkCall(name: unknown, args: unknown): void {
  const isRight =
    typeof name === 'string' &&
    name.length <= LONGEST_NAME &&
    Array.isArray(args) &&
    args.length <= MOST_ARGUMENTS;
  if (!isRight) throw refusedCall(name, args);
}

/** @throws PoolError ERR_ARGUMENT */
export function checkCallName(name: unknown): asserts name is string {
  if (typeof name === 'string' && name.length <= LONGEST_NAME) return;
  throw new PoolError('ERR_ARGUMENT', `Expected the name of a function, got ${showValue(name)}.`);
}

function refusedCall(name: unknown, args: unknown): PoolError {
  checkCallName(name);
  if (!Array.isArray(args)) {
    return new PoolError(
      'ERR_ARGUMENT',
      `${name}: expected an array of arguments, got ${showValue(args)}. Write run('${name}', [argument]).`,
    );
  }
  return new PoolError(
    'ERR_ARGUMENT',
    `${name}: expected at most ${MOST_ARGUMENTS} arguments, got ${args.length}. Pass an array as one argument: run('${name}', [list]).`,
  );
}
