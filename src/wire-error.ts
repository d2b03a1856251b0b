// Errors as data: an error leaves the worker as bytes and arrives with its class where built-in, name, message,
// code, cause, own data and the worker's stack.
import { deserialize, serialize } from 'node:v8';
import { type ErrorCode, PoolError, showValue } from './errors.ts';
import { decode } from './values/decode.ts';

const CLASSES = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
} as const;

type ClassName = keyof typeof CLASSES | 'AggregateError' | 'PoolError';

interface ErrorRecord {
  readonly className: ClassName;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: ThrownRecord | undefined;
  /** An AggregateError's errors. */
  readonly errors: readonly ThrownRecord[] | undefined;
  /** Own enumerable data, `code` among it. */
  readonly own: readonly (readonly [string, EncodedValue])[];
}

type ThrownRecord =
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  | { readonly kind: 'value'; readonly value: EncodedValue };

/**
 * A value by itself: one that this thread's stack can encode and the main thread's cannot decode spoils no more than
 * itself. What cannot be cloned has its description alone.
 */
interface EncodedValue {
  readonly bytes: Uint8Array | undefined;
  readonly shown: string;
}

// A chain of causes longer than this is cut, a circular one too; and so is all that AggregateErrors hold beyond that.
const MOST_CAUSES = 16;
const MOST_ERRORS = 1000;

interface Budget {
  readonly depth: number;
  readonly errors: { left: number };
}

/** Never throws: an error that cannot be read arrives as far as it can. */
export function encodeError(error: unknown): Uint8Array {
  try {
    return encode(error);
  } catch (cause) {
    return encode(new PoolError('ERR_NON_ERROR_THROWN', 'What was thrown cannot be read.', { cause }));
  }
}

function encode(error: unknown): Uint8Array {
  return serialize(recordOf(error, { depth: MOST_CAUSES, errors: { left: MOST_ERRORS } }));
}

export function decodeError(bytes: Uint8Array): unknown {
  return revive(deserialize(bytes) as ThrownRecord);
}

function recordOf(thrown: unknown, budget: Budget): ThrownRecord {
  if (!(thrown instanceof Error)) return { kind: 'value', value: encodeValue(thrown) };
  const name = textOf(read(thrown, 'name'), 'Error');
  const message = textOf(read(thrown, 'message'), '');
  if (budget.depth === 0) return { kind: 'value', value: encodeValue(`${name}: ${message}`) };
  const below = { ...budget, depth: budget.depth - 1 };
  const stack = read(thrown, 'stack');
  const error: ErrorRecord = {
    className: classOf(thrown),
    name,
    message,
    stack: typeof stack === 'string' ? stack : undefined,
    cause: Object.hasOwn(thrown, 'cause') ? recordOf(read(thrown, 'cause'), below) : undefined,
    errors: thrown instanceof AggregateError ? errorsOf(thrown, below) : undefined,
    own: ownData(thrown),
  };
  return { kind: 'error', error };
}

function errorsOf(thrown: AggregateError, budget: Budget): ThrownRecord[] {
  const errors = read(thrown, 'errors');
  if (!Array.isArray(errors)) return [];
  const records: ThrownRecord[] = [];
  for (const part of errors as unknown[]) {
    if (budget.errors.left-- <= 0) break;
    records.push(recordOf(part, budget));
  }
  return records;
}

// The error is the user's: reading a property may run a getter, and that may throw.
function read(error: Error, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function classOf(error: Error): ClassName {
  if (error instanceof PoolError) return 'PoolError';
  if (error instanceof AggregateError) return 'AggregateError';
  for (const [name, builtIn] of Object.entries(CLASSES)) {
    if (name !== 'Error' && error instanceof builtIn) return name as ClassName;
  }
  return 'Error';
}

const TOLD_APART: readonly string[] = ['name', 'message', 'stack', 'cause', 'errors'];

function ownData(error: Error): [string, EncodedValue][] {
  const data: [string, EncodedValue][] = [];
  for (const key of Object.keys(error)) {
    if (!TOLD_APART.includes(key)) data.push([key, encodeValue(read(error, key))]);
  }
  return data;
}

function encodeValue(value: unknown): EncodedValue {
  const shown = showValue(value);
  try {
    return { bytes: serialize(value), shown };
  } catch {
    return { bytes: undefined, shown };
  }
}

function decodeValue({ bytes, shown }: EncodedValue): unknown {
  if (bytes === undefined) return shown;
  try {
    return decode(bytes);
  } catch {
    return shown;
  }
}

function revive(thrown: ThrownRecord): unknown {
  return thrown.kind === 'value' ? decodeValue(thrown.value) : reviveError(thrown.error);
}

function reviveError(record: ErrorRecord): Error {
  const error = construct(record);
  hide(error, 'stack', record.stack);
  if (record.cause !== undefined) hide(error, 'cause', revive(record.cause));
  if (error.name !== record.name) hide(error, 'name', record.name);
  for (const [key, value] of record.own) {
    // Defined, not assigned: a key named __proto__ stays a key.
    Object.defineProperty(error, key, {
      value: decodeValue(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return error;
}

function construct({ className, message, errors, own }: ErrorRecord): Error {
  if (className === 'AggregateError') return new AggregateError((errors ?? []).map(revive), message);
  if (className === 'PoolError') return new PoolError(codeOf(own), message);
  return new CLASSES[className](message);
}

function codeOf(own: ErrorRecord['own']): ErrorCode {
  const [, code] = own.find(([key]) => key === 'code') ?? [];
  return (code === undefined ? 'ERR_WORKER_ERROR' : decodeValue(code)) as ErrorCode;
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
}
