// The errors of memopool: one class with a stable code, and the error of a caller who left.
// A message says what was expected, what came, and what to do.

/** The stable codes of a {@link PoolError}; the README has a table of them. */
export type ErrorCode =
  | 'ERR_OPTION'
  | 'ERR_ARGUMENT'
  | 'ERR_ARGUMENT_NOT_CLONEABLE'
  | 'ERR_CYCLE'
  | 'ERR_FUNCTION_CRASHING'
  | 'ERR_ARGUMENT_TOO_LARGE'
  | 'ERR_DEADLINE'
  | 'ERR_FUNCTION_NOT_FOUND'
  | 'ERR_MODULE_LOAD'
  | 'ERR_NON_ERROR_THROWN'
  | 'ERR_NO_POOL'
  | 'ERR_POOL_CLOSED'
  | 'ERR_QUEUE_FULL'
  | 'ERR_RESULT_NOT_CLONEABLE'
  | 'ERR_RESULT_TOO_LARGE'
  | 'ERR_STACK_OVERFLOW'
  | 'ERR_STALLED'
  | 'ERR_TIMEOUT'
  | 'ERR_UNSETTLED'
  | 'ERR_WORKER_ERROR'
  | 'ERR_WORKER_EXIT'
  | 'ERR_WORKER_MEMORY'
  | 'ERR_WORKER_START';

export interface PoolErrorOptions {
  /** What led to this error, kept as `error.cause`. */
  readonly cause?: unknown;
  /** Facts for a program to read: the function's name, a limit, an exit code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error of the pool itself; an error thrown by a user's function arrives as that error, unwrapped. */
export class PoolError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: PoolErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }
}

// Not in the class: the bundler renames one that speaks of itself, and a stack begins with the name of its class.
PoolError.prototype.name = 'PoolError';

/** What a caller gets whose own signal was aborted; the signal's reason is the cause. */
export class AbortError extends Error {
  readonly code = 'ABORT_ERR';

  constructor(reason: unknown) {
    super('The call was aborted by its signal', { cause: reason });
  }
}

AbortError.prototype.name = 'AbortError';

const SHOWN_CHARACTERS = 48;

/** A value as error messages show it: short, one line, strings quoted, and never thrown by the value's own code. */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return cut(JSON.stringify(value.slice(0, SHOWN_CHARACTERS + 1)));
    case 'bigint':
      return showBigint(value);
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    default:
      return showObject(value);
  }
}

// The digits of a huge bigint would take longer to make than the error is worth.
function showBigint(value: bigint): string {
  const small = BigInt.asIntN(64, value) === value;
  return small ? `${value}n` : 'a bigint of more than 64 bits';
}

function showObject(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const tag = tagOf(value).slice('[object '.length, -1);
  return /^[AEIOU]/.test(tag) ? `an ${tag}` : `a ${tag}`;
}

// A tag may be a getter of the value's own, which may throw.
function tagOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return '[object Object]';
  }
}

function cut(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
