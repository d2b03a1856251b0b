// The checks of a map and a stream, before anything of the list is read.

import { invalidOption, refuseUnknown } from '../check.ts';
import { checkCallName, MOST_ARGUMENTS } from '../check-call.ts';
import { PoolError, showValue } from '../errors.ts';
import { withOrigin } from '../front/origin.ts';
import type { MapOptions, StreamOptions } from '../pool-types.ts';
import { checkCallOptions } from '../run-options.ts';
import type { ListHost } from './list-host.ts';
import { isList } from './source.ts';

const COMMON = ['signal', 'timeoutMs', 'deadlineMs', 'as', 'errors', 'window'] as const;
const MAP_OPTIONS: readonly (keyof MapOptions)[] = [...COMMON, 'onProgress'];
const STREAM_OPTIONS: readonly (keyof StreamOptions)[] = [...COMMON, 'unordered'];

const ERRORS: readonly unknown[] = ['reject', 'settle'];
const MOST_WINDOW = 1_000_000;

/** What to compute, and how. */
export interface ListRequest<Options> {
  readonly name: string;
  readonly list: unknown;
  readonly options: Options;
}

/**
 * Checks for a caller, whose frames the error has.
 *
 * @throws PoolError ERR_POOL_CLOSED, or what `check` throws
 */
export function checkFor({ origin, refusal }: Pick<ListHost, 'origin' | 'refusal'>, check: () => void): void {
  try {
    const refused = refusal();
    if (refused !== undefined) throw refused;
    check();
  } catch (error) {
    throw withOrigin(error, origin);
  }
}

/** @throws PoolError ERR_ARGUMENT, ERR_OPTION */
export function checkMap({ name, list, options }: ListRequest<MapOptions>): void {
  checkList('map', name, list);
  refuseUnknown('map', options, MAP_OPTIONS);
  checkCommon('map', options);
  const { onProgress } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidOption('map', 'onProgress', 'a function', onProgress);
  }
}

/** @throws PoolError ERR_ARGUMENT, ERR_OPTION */
export function checkStream({ name, list, options }: ListRequest<StreamOptions>): void {
  checkList('stream', name, list);
  refuseUnknown('stream', options, STREAM_OPTIONS);
  checkCommon('stream', options);
  const { unordered } = options;
  if (unordered !== undefined && typeof unordered !== 'boolean') {
    throw invalidOption('stream', 'unordered', 'true or false', unordered);
  }
}

function checkList(where: string, name: string, list: unknown): void {
  checkCallName(name);
  // Its items would be characters.
  if (typeof list !== 'string' && isList(list)) return;
  throw new PoolError(
    'ERR_ARGUMENT',
    `${name}: expected an iterable or async iterable of arrays of arguments, got ${showValue(list)}. Write ${where}('${name}', [[1], [2]]).`,
  );
}

function checkCommon(where: string, options: MapOptions | StreamOptions): void {
  checkCallOptions(where, options);
  const { errors, window } = options;
  if (errors !== undefined && !ERRORS.includes(errors)) {
    throw invalidOption(where, 'errors', "'reject' or 'settle'", errors);
  }
  if (window === undefined || (Number.isSafeInteger(window) && window >= 1 && window <= MOST_WINDOW)) return;
  throw invalidOption(where, 'window', `a whole number from 1 to ${MOST_WINDOW}`, window);
}

/** @throws PoolError ERR_ARGUMENT for an item that is no array of arguments */
export function checkItem(name: string, item: unknown, index: number): asserts item is readonly unknown[] {
  if (Array.isArray(item) && item.length <= MOST_ARGUMENTS) return;
  const expected = Array.isArray(item)
    ? `at most ${MOST_ARGUMENTS} arguments, got ${item.length}`
    : `an array of arguments, got ${showValue(item)}`;
  throw new PoolError(
    'ERR_ARGUMENT',
    `${name}: item ${index} of the list: expected ${expected}. Each item is what run takes: [[1], [2]], not [1, 2].`,
    { details: { name, index } },
  );
}
