// Errors as data: an error leaves the worker as bytes and arrives with its class where built-in, name, message,
// code, cause, own data and the worker's stack.
import { deserialize, serialize } from 'node:v8';
import { type ErrorCode, PoolError, showValue } from './errors.ts';

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
  /** Own enumerable data, `code` among it; a value that cannot be cloned as its description. */
  readonly own: readonly (readonly [string, unknown])[];
}

type ThrownRecord =
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  | { readonly kind: 'value'; readonly value: unknown };

// A chain of causes longer than this is cut, and so is a circular one.
const MOST_CAUSES = 16;
const MOST_ERRORS = 1_000;

export function encodeError(error: unknown): Uint8Array {
  return serialize(recordOf(error, MOST_CAUSES));
}

export function decodeError(bytes: Uint8Array): unknown {
  return revive(deserialize(bytes) as ThrownRecord);
}

function recordOf(thrown: unknown, depth: number): ThrownRecord {
  if (!(thrown instanceof Error)) return { kind: 'value', value: cloneable(thrown) };
  if (depth === 0) return { kind: 'value', value: `${thrown.name}: ${thrown.message}` };
  const errors = thrown instanceof AggregateError ? thrown.errors.slice(0, MOST_ERRORS) : undefined;
  const error: ErrorRecord = {
    className: classOf(thrown),
    name: String(thrown.name),
    message: String(thrown.message),
    stack: typeof thrown.stack === 'string' ? thrown.stack : undefined,
    cause: Object.hasOwn(thrown, 'cause') ? recordOf(thrown.cause, depth - 1) : undefined,
    errors: errors?.map((part) => recordOf(part, depth - 1)),
    own: ownData(thrown),
  };
  return { kind: 'error', error };
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

function ownData(error: Error): [string, unknown][] {
  const data: [string, unknown][] = [];
  for (const key of Object.keys(error)) {
    if (TOLD_APART.includes(key)) continue;
    data.push([key, cloneable(Reflect.get(error, key))]);
  }
  return data;
}

function cloneable(value: unknown): unknown {
  try {
    serialize(value);
    return value;
  } catch {
    return showValue(value);
  }
}

function revive(thrown: ThrownRecord): unknown {
  return thrown.kind === 'value' ? thrown.value : reviveError(thrown.error);
}

function reviveError(record: ErrorRecord): Error {
  const error = construct(record);
  hide(error, 'stack', record.stack);
  if (record.cause !== undefined) hide(error, 'cause', revive(record.cause));
  if (error.name !== record.name) hide(error, 'name', record.name);
  for (const [key, value] of record.own) {
    // Defined, not assigned: a key named __proto__ stays a key.
    Object.defineProperty(error, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return error;
}

function construct({ className, message, errors, own }: ErrorRecord): Error {
  if (className === 'AggregateError') return new AggregateError((errors ?? []).map(revive), message);
  if (className === 'PoolError') return new PoolError(codeOf(own), message);
  return new CLASSES[className](message);
}

function codeOf(own: ErrorRecord['own']): ErrorCode {
  return own.find(([key]) => key === 'code')?.[1] as ErrorCode;
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
}
