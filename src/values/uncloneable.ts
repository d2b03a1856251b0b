// Where in a value stands what structured clone cannot deliver: for error messages only.
import { types } from 'node:util';
import { showValue } from '../errors.ts';

const MOST_STEPS = 2_000_000;
const SHOWN_CHARACTERS = 120;

interface Place {
  readonly value: unknown;
  readonly path: string;
}

/** The path and kind of the first uncloneable part of `value`, such as `.handlers[2] (a function)`. */
export function findUncloneable(value: unknown): string | undefined {
  const seen = new Set<object>();
  const waiting: Place[] = [{ value, path: '' }];
  for (let step = 0; step < MOST_STEPS; step++) {
    const place = waiting[step];
    if (place === undefined) return undefined;
    if (isUncloneable(place.value)) return `${shortPath(place.path)} (${showValue(place.value)})`;
    if (typeof place.value !== 'object' || place.value === null || seen.has(place.value)) continue;
    seen.add(place.value);
    for (const part of partsOf(place.value, place.path)) waiting.push(part);
  }
  return undefined;
}

function shortPath(path: string): string {
  if (path === '') return 'the value itself';
  return path.length <= SHOWN_CHARACTERS ? path : `${path.slice(0, SHOWN_CHARACTERS)}…`;
}

function isUncloneable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  return (
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isPromise(value) ||
    types.isProxy(value) ||
    types.isGeneratorObject(value) ||
    value instanceof WeakRef
  );
}

function partsOf(value: object, path: string): Place[] {
  if (types.isMap(value)) {
    return [...value].flatMap(([key, item]) => [
      { value: key, path: `${path}.keys(${showValue(key)})` },
      { value: item, path: `${path}.get(${showValue(key)})` },
    ]);
  }
  if (types.isSet(value))
    return [...value].map((item, index) => ({ value: item, path: `${path}.values(${index})` }));
  if (ArrayBuffer.isView(value)) return [];
  return Object.keys(value).map((key) => ({
    value: readSafely(value, key),
    path: Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`,
  }));
}

function readSafely(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
