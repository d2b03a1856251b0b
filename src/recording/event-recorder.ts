// What the front cache tells, as events of a trace and references of the live curve.
import type { Clock } from '../clock.ts';
import { DistanceSampler } from '../curves/distance-sampler.ts';
import type { TraceKind } from '../curves/trace.ts';
import type { Line } from '../front/line.ts';
import type { FrontObserver, Weighed } from '../front/observer.ts';
import type { MemoKey } from '../values/key.ts';
import { KeyHash } from './hash-key.ts';
import { LineNumbers, type NumberedLine } from './line-numbers.ts';
import type { TraceEvent } from './trace-event.ts';
import type { TraceWriter } from './trace-writer.ts';

// Followed by the live curve: measured by bench/record.
const MOST_KEYS = 2048;

export class EventRecorder implements FrontObserver {
  readonly sampler: DistanceSampler = new DistanceSampler({ mostKeys: MOST_KEYS });
  readonly #writer: TraceWriter | undefined;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #hash = new KeyHash();
  readonly #lines = new LineNumbers();
  /** Stands for every event in turn. */
  readonly #event: TraceEvent = { timeUs: 0, kind: 'hit', name: '', key: 0, bytes: 0, costNs: 0 };
  #events = 0;
  /** The function that the last event cleared: its lines, one for each form, are cleared one after the other. */
  #cleared: string | undefined;

  constructor(clock: Clock, writer?: TraceWriter) {
    this.#clock = clock;
    this.#startMs = clock.now();
    this.#writer = writer;
  }

  get events(): number {
    return this.#writer?.events ?? this.#events;
  }

  get left(): number {
    return this.#writer?.left ?? 0;
  }

  onHit(line: Line, key: MemoKey): void {
    const numbered = this.#lines.of(line);
    const hash = this.#hash.hash(numbered.number, key);
    this.sampler.reference(hash, 0, numbered.owner);
    this.#note('hit', numbered, hash);
  }

  onJoin(line: Line, key: MemoKey): void {
    const numbered = this.#lines.of(line);
    this.#note('join', numbered, this.#hash.hash(numbered.number, key));
  }

  onComplete(line: Line, key: MemoKey, weighed: Weighed): void {
    const numbered = this.#lines.of(line);
    const hash = this.#hash.hash(numbered.number, key);
    this.sampler.reference(hash, weighed.bytes, numbered.owner);
    this.#note('complete', numbered, hash, weighed);
  }

  onShare(line: Line, key: MemoKey, weighed: Weighed): void {
    const numbered = this.#lines.of(line);
    const hash = this.#hash.hash(numbered.number, key);
    this.sampler.place(hash, weighed.bytes, numbered.owner);
    this.#note('share', numbered, hash, weighed);
  }

  // What another size would have kept is no matter of what this one drops.
  onEvict(line: Line, key: MemoKey): void {
    const numbered = this.#lines.of(line);
    this.#note('evict', numbered, this.#hash.hash(numbered.number, key));
  }

  onDelete(line: Line, key: MemoKey): void {
    const numbered = this.#lines.of(line);
    const hash = this.#hash.hash(numbered.number, key);
    this.sampler.delete(hash);
    this.#note('delete', numbered, hash);
  }

  onClear(line: Line): void {
    const numbered = this.#lines.of(line);
    this.sampler.clear(numbered.owner);
    this.#note('clear', numbered, 0);
  }

  #note(kind: TraceKind, { name }: NumberedLine, key: number, weighed?: Weighed): void {
    if (kind === 'clear' && this.#cleared === name) return;
    this.#cleared = kind === 'clear' ? name : undefined;
    this.#events++;
    const writer = this.#writer;
    if (writer === undefined) return;
    const event = this.#event;
    event.timeUs = Math.floor((this.#clock.now() - this.#startMs) * 1000);
    event.kind = kind;
    event.name = name;
    event.key = key;
    event.bytes = weighed === undefined ? 0 : Math.round(weighed.bytes);
    event.costNs = weighed === undefined ? 0 : Math.round(weighed.computeMs * 1e6);
    writer.write(event);
  }
}
