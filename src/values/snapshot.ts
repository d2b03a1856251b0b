// A call's arguments as they were when the call was made: what is keyed is what is sent, whatever the caller
// does to its objects while the call waits, and a getter runs once.
import { serialize } from 'node:v8';
import { PoolError } from '../errors.ts';
import { decode } from './decode.ts';
import { isStackOverflow, memoKey } from './key.ts';

export interface Snapshot {
  /** The arguments as a worker will see them. */
  readonly args: readonly unknown[];
  /** The same, serialized; undefined when every argument is a primitive, which nobody can change. */
  readonly bytes: Uint8Array | undefined;
}

/** @throws PoolError ERR_ARGUMENT_NOT_CLONEABLE; an error thrown by an argument's getter as it is */
export function snapshot(args: readonly unknown[]): Snapshot {
  if (args.every(isPrimitive)) return { args: args.slice(), bytes: undefined };
  const bytes = serializeArguments(args);
  return { args: decode(bytes) as unknown[], bytes };
}

/** Functions and symbols are no primitives here: the serializer or the key refuses them. */
export function isPrimitive(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** Whether the arguments are one primitive: what nobody can change is its own snapshot, and mostly its own key. */
export function isLonePrimitive(args: readonly unknown[]): boolean {
  return args.length === 1 && isPrimitive(args[0]);
}

function serializeArguments(args: readonly unknown[]): Uint8Array {
  try {
    return serialize(args);
  } catch (error) {
    if (!isCloneFailure(error)) throw error;
    refuseWithPath(args);
    throw new PoolError(
      'ERR_ARGUMENT_NOT_CLONEABLE',
      `The arguments cannot be cloned to a worker: ${firstLine(error.message)} Pass plain data.`,
      { cause: error },
    );
  }
}

// The key names the path, for most values that cannot be cloned.
function refuseWithPath(args: readonly unknown[]): void {
  try {
    memoKey(args, true);
  } catch (error) {
    if (error instanceof PoolError) throw error;
  }
}

/** Whether the serializer itself refused, rather than code of the value that it ran. */
export function isCloneFailure(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (isStackOverflow(error)) return true;
  return /could not be cloned|cannot be cloned|Unserializable host object|detached ArrayBuffer/.test(
    error.message,
  );
}

// Of a host object the serializer shows every property.
function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
