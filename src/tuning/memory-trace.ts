// A trace kept in memory, of a pool that tuning itself runs: keys are numbered as they come, so nothing need be hashed.
import { TRACE_KINDS, type Trace, type TraceKind } from '../curves/trace.ts';
import type { Line } from '../front/line.ts';
import type { FrontObserver, Weighed } from '../front/observer.ts';
import type { MemoKey } from '../values/key.ts';

/** The costliest call of a function that was computed. */
export interface Costliest {
  readonly key: MemoKey;
  readonly computeMs: number;
}

const FIRST_EVENTS = 1024;
const DEFAULT_MOST_EVENTS = 4_000_000;
const NOTHING: Weighed = { bytes: 0, computeMs: 0 };

interface KnownLine {
  readonly fn: number;
  readonly keys: Map<MemoKey, number>;
}

interface Columns {
  readonly timesUs: Float64Array<ArrayBuffer>;
  readonly kinds: Uint8Array<ArrayBuffer>;
  readonly functionOf: Uint16Array<ArrayBuffer>;
  readonly keys: Float64Array<ArrayBuffer>;
  readonly bytes: Float64Array<ArrayBuffer>;
  readonly costsNs: Float64Array<ArrayBuffer>;
}

export class MemoryTrace implements FrontObserver {
  /** By function. */
  readonly costliest: Map<string, Costliest> = new Map();
  readonly #now: () => number;
  readonly #most: number;
  #since = 0;
  readonly #lines = new Map<Line, KnownLine>();
  readonly #functions: string[] = [];
  #columns = columnsOf(FIRST_EVENTS);
  #length = 0;
  #left = 0;
  /** Keys are numbered from 1 on, over all functions. */
  #distinct = 0;
  #isOn = false;
  #computeMs = 0;
  #calls = 0;

  /** @param most events; the rest is counted */
  constructor(now: () => number, most: number = DEFAULT_MOST_EVENTS) {
    this.#now = now;
    this.#most = most;
  }

  /** What happens from now on is in it. */
  begin(): void {
    this.#since = this.#now();
    this.#isOn = true;
  }

  /** Nothing that happens from now on is in it. */
  end(): void {
    this.#isOn = false;
  }

  trace(): Trace {
    return {
      header: undefined,
      functions: this.#functions,
      length: this.#length,
      left: this.#left,
      ...this.#columns,
    };
  }

  /** Milliseconds that all computations took. */
  get computeMs(): number {
    return this.#computeMs;
  }

  /** Calls answered. */
  get calls(): number {
    return this.#calls;
  }

  /** Calls that differ. */
  get distinct(): number {
    return this.#distinct;
  }

  onHit(line: Line, key: MemoKey): void {
    this.#add('hit', line, key);
  }

  // How densely calls follow one another is tuning's doing: later it would have been a hit, if it was kept until then.
  onJoin(line: Line, key: MemoKey): void {
    this.#add('hit', line, key);
  }

  onComplete(line: Line, key: MemoKey, weighed: Weighed): void {
    if (!this.#isOn) return;
    this.#add('complete', line, key, weighed);
    const { computeMs } = weighed;
    this.#computeMs += computeMs;
    if (computeMs <= (this.costliest.get(line.name)?.computeMs ?? -1)) return;
    this.costliest.set(line.name, { key, computeMs });
  }

  onShare(line: Line, key: MemoKey, weighed: Weighed): void {
    this.#add('share', line, key, weighed);
  }

  onEvict(line: Line, key: MemoKey): void {
    this.#add('evict', line, key);
  }

  onDelete(line: Line, key: MemoKey): void {
    this.#add('delete', line, key);
  }

  onClear(line: Line): void {
    this.#add('clear', line, undefined);
  }

  #add(kind: TraceKind, line: Line, key: MemoKey | undefined, { bytes, computeMs } = NOTHING): void {
    if (!this.#isOn) return;
    if (this.#length >= this.#most) {
      this.#left++;
      return;
    }
    if (this.#length >= this.#columns.keys.length) this.#grow();
    if (kind === 'hit' || kind === 'complete') this.#calls++;
    const known = this.#lineOf(line);
    const at = this.#length++;
    this.#columns.timesUs[at] = Math.round(1000 * (this.#now() - this.#since));
    this.#columns.kinds[at] = TRACE_KINDS.indexOf(kind);
    this.#columns.functionOf[at] = known.fn;
    this.#columns.keys[at] = kind === 'clear' ? 0 : this.#numberOf(known, key);
    this.#columns.bytes[at] = bytes;
    this.#columns.costsNs[at] = Math.round(1e6 * computeMs);
  }

  #lineOf(line: Line): KnownLine {
    const known = this.#lines.get(line);
    if (known !== undefined) return known;
    const before = this.#functions.indexOf(line.name);
    const fn = before >= 0 ? before : this.#functions.push(line.name) - 1;
    const made = { fn, keys: new Map<MemoKey, number>() };
    this.#lines.set(line, made);
    return made;
  }

  #numberOf({ keys }: KnownLine, key: MemoKey | undefined): number {
    const known = keys.get(key as MemoKey);
    if (known !== undefined) return known;
    keys.set(key as MemoKey, ++this.#distinct);
    return this.#distinct;
  }

  #grow(): void {
    const columns = columnsOf(Math.min(this.#most, 2 * this.#columns.keys.length));
    columns.timesUs.set(this.#columns.timesUs);
    columns.kinds.set(this.#columns.kinds);
    columns.functionOf.set(this.#columns.functionOf);
    columns.keys.set(this.#columns.keys);
    columns.bytes.set(this.#columns.bytes);
    columns.costsNs.set(this.#columns.costsNs);
    this.#columns = columns;
  }
}

function columnsOf(events: number): Columns {
  return {
    timesUs: new Float64Array(events),
    kinds: new Uint8Array(events),
    functionOf: new Uint16Array(events),
    keys: new Float64Array(events),
    bytes: new Float64Array(events),
    costsNs: new Float64Array(events),
  };
}
