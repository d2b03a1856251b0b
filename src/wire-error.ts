// Errors as data: an error leaves the worker as bytes and arrives with its class where built-in, name, message,
// code, cause, own data and the worker's stack.
import { types } from 'node:util';
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

type ClassName = keyof typeof CLASSES | 'AggregateError' | 'SuppressedError' | 'DOMException' | 'PoolError';

interface ErrorRecord {
  readonly className: ClassName;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause: ThrownRecord | undefined;
  /** An AggregateError's errors. */
  readonly errors: readonly ThrownRecord[] | undefined;
  /** Also where it is no own data, but the class's. */
  readonly code: string | number | undefined;
  /** Own enumerable data, `code` among it. */
  readonly own: readonly (readonly [string, ThrownRecord])[];
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

// A chain of causes longer than this is cut, a circular one too; and so are the errors that errors hold beyond that.
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

const arrived = new WeakSet<Error>();

export function decodeError(bytes: Uint8Array): unknown {
  try {
    const thrown = revive(deserialize(bytes) as ThrownRecord);
    if (thrown instanceof Error) arrived.add(thrown);
    return thrown;
  } catch (error) {
    return error; // of an Error.prepareStackTrace of the user's that throws, which Node 20 runs at once
  }
}

/** Whether an error was thrown elsewhere, and so brings the stack it had there. */
export function hasArrived(error: Error): boolean {
  return arrived.has(error);
}

/** Whether `thrown` is an error, of another realm too: what a function ran in a context of `node:vm` has classes of its own. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}

function recordOf(thrown: unknown, budget: Budget): ThrownRecord {
  if (!isError(thrown)) return { kind: 'value', value: encodeValue(thrown) };
  const name = textOf(read(thrown, 'name'), 'Error');
  const message = textOf(read(thrown, 'message'), '');
  if (budget.depth === 0) return { kind: 'value', value: encodeValue(`${name}: ${message}`) };
  const below = { ...budget, depth: budget.depth - 1 };
  const [stack, code] = [read(thrown, 'stack'), read(thrown, 'code')];
  const error: ErrorRecord = {
    className: classOf(thrown),
    name,
    message,
    stack: typeof stack === 'string' ? stack : `${name}: ${message}`,
    cause: Object.hasOwn(thrown, 'cause') ? recordOf(read(thrown, 'cause'), below) : undefined,
    errors: thrown instanceof AggregateError ? errorsOf(thrown, below) : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    own: ownData(thrown, below),
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
  if (error instanceof DOMException) return 'DOMException';
  if (isSuppressed(error)) return 'SuppressedError';
  for (const [name, builtIn] of Object.entries(CLASSES)) {
    if (name !== 'Error' && error instanceof builtIn) return name as ClassName;
  }
  return error instanceof Error ? 'Error' : classNamed(read(error, 'name'));
}

// Of another realm's error only the name can be asked.
function classNamed(name: unknown): ClassName {
  return typeof name === 'string' && Object.hasOwn(CLASSES, name) ? (name as ClassName) : 'Error';
}

// What a failing `using` makes of two errors; from Node 24 on.
function isSuppressed(error: Error): boolean {
  return typeof SuppressedError === 'function' && error instanceof SuppressedError;
}

const TOLD_APART: readonly string[] = ['name', 'message', 'stack', 'cause'];

function ownData(error: Error, budget: Budget): [string, ThrownRecord][] {
  const data: [string, ThrownRecord][] = [];
  for (const key of dataKeys(error)) {
    const value = read(error, key);
    const isPart = isError(value) && budget.errors.left-- > 0;
    data.push([key, isPart ? recordOf(value, budget) : { kind: 'value', value: encodeValue(value) }]);
  }
  return data;
}

function dataKeys(error: Error): string[] {
  const keys = Object.keys(error).filter(
    (key) => !TOLD_APART.includes(key) && !(key === 'errors' && error instanceof AggregateError),
  );
  return isSuppressed(error) ? ['error', 'suppressed', ...keys] : keys;
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
      value: revive(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  if (record.code !== undefined && Reflect.get(error, 'code') !== record.code) {
    hide(error, 'code', record.code);
  }
  return error;
}

function construct({ className, name, message, errors, code }: ErrorRecord): Error {
  switch (className) {
    case 'AggregateError':
      return new AggregateError((errors ?? []).map(revive), message);
    case 'PoolError':
      return new PoolError((code ?? 'ERR_WORKER_ERROR') as ErrorCode, message);
    case 'DOMException':
      return new DOMException(message, name);
    case 'SuppressedError':
      return new SuppressedError(undefined, undefined, message);
    default:
      return new CLASSES[className](message);
  }
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
}
