// The warning of a memo whose bound makes a recursion compute again what it had: once for a function, however many
// memos it has, as a method has one for each instance.
import type { AnyFunction } from '../types.ts';
import { advise } from './advice.ts';
import type { ResolvedMemoOptions } from './memo-options.ts';
import type { Finding } from './watch.ts';

const told = new WeakSet<AnyFunction>();

type Bounds = Pick<ResolvedMemoOptions<AnyFunction>, 'maxsize' | 'maxBytes'>;

export function adviseLarger(memo: AnyFunction, fn: AnyFunction, finding: Finding & Bounds): void {
  if (told.has(fn)) return;
  told.add(fn);
  const code = 'MEMOPOOL_MEMO_TOO_SMALL';
  advise({ code, fn: memo, name: fn.name, text: textOf(finding) });
}

function textOf({ maxsize, maxBytes, recomputed, needed }: Finding & Bounds): string {
  const bounds = [
    ...(maxsize === null ? [] : [`maxsize ${maxsize}`]),
    ...(maxBytes === null ? [] : [`maxBytes ${maxBytes}`]),
  ].join(' and ');
  const again = recomputed === 1 ? '1 was computed twice' : `${recomputed} were computed twice`;
  const way =
    maxBytes === null
      ? `It needs a maxsize of at least ${needed}.`
      : `It needs room for at least ${needed} results.`;
  return `its memo of ${bounds} evicts results that the same call needs again; ${again} so far. ${way}`;
}
