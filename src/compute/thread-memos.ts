// The memos of a thread as its server sees them: the counters of those that ran, the bound of what they keep together, and
// what there is to say of one.
import type { FromThread, MemoCounts } from '../wire.ts';
import { type Advice, setAdviser } from './advice.ts';
import { MemoBound } from './bound-memos.ts';
import { memoCounts } from './evaluate.ts';
import { INSIDE, type Memo } from './memos.ts';
import type { Registry } from './registry.ts';

export interface ThreadMemosOptions {
  readonly registry: Registry;
  /** The most bytes that the memos keep between calls; null for no bound. */
  readonly memoBytes: number | null;
  readonly post: (message: FromThread, transfer: readonly ArrayBuffer[]) => void;
  /** The function of the call that runs. */
  readonly runningName: () => string | undefined;
}

export class ThreadMemos {
  readonly #options: ThreadMemosOptions;
  readonly #ran = new Set<string>();
  /** Functions with memos, whose counters have been told. */
  readonly #known = new Set<string>();
  readonly #bound: MemoBound;
  /** What was computed since that bound was looked at. */
  #uncheckedMs = 0;

  constructor(options: ThreadMemosOptions) {
    this.#options = options;
    this.#bound = new MemoBound(options.memoBytes ?? Number.POSITIVE_INFINITY);
    setAdviser((advice) => this.#advise(advice));
  }

  /** A call of this function runs. */
  note(name: string): void {
    this.#ran.add(name);
  }

  /** So much was computed. */
  add(ms: number): void {
    this.#uncheckedMs += ms;
  }

  // Between calls, and not after every tiny one.
  hold(): void {
    const emptied = this.#bound.hold(this.#uncheckedMs);
    this.#uncheckedMs = 0;
    if (emptied.length === 0) return;
    for (const name of this.#known) this.#ran.add(name); // their counters have changed
    const bound = showBytes(this.#options.memoBytes ?? 0);
    for (const { memo, bytes } of emptied) {
      const name: unknown = Reflect.get(memo, 'name');
      this.#advise({
        code: 'MEMOPOOL_MEMO_BYTES',
        fn: memo,
        name: typeof name === 'string' ? name : '',
        text: `its memo weighed about ${showBytes(bytes)} and was emptied, because the memos of a worker may keep ${bound} (the option memoBytes); give memoize a maxsize or maxBytes, or raise memoBytes.`,
      });
    }
  }

  /** The counters of the memos of the functions that ran since they were told last. */
  take(): (readonly [string, MemoCounts])[] {
    const memos: (readonly [string, MemoCounts])[] = [];
    for (const name of this.#ran) {
      const fn = this.#options.registry.found(name);
      (fn as Partial<Memo> | undefined)?.[INSIDE]?.takeUnfinished(); // what it caught itself
      const counts = memoCounts(fn);
      if (counts === undefined) continue;
      memos.push([name, counts]);
      this.#known.add(name);
    }
    this.#ran.clear();
    return memos;
  }

  // A function is known by the name it is called by, a memo inside it by its own or else by that function's.
  #advise({ code, fn, name, text }: Advice): void {
    const running = this.#options.runningName();
    const names = running === undefined ? this.#known : [running];
    const called = [...names].find((one) => this.#options.registry.found(one) === fn);
    const inside = running === undefined ? 'A memoized function' : `A memoized function inside ${running}`;
    this.#options.post(['advice', code, called ?? (name || inside), text], []);
  }
}

function showBytes(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${bytes} bytes`;
}
