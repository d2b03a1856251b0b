// Where the time of a pool's threads goes, as the main thread sees it: summed up for a run, and drawn as a lane a thread.
//
// A thread is busy from the message that brings it calls until it has answered them all. What of that its functions have
// not taken is messages: on their way, cloned, waited for. When a function began is not told; its span ends with its answer.
import type { Task } from '../dispatch/dispatcher.ts';
import type { Answered, DispatchObserver, Place } from '../dispatch/observer.ts';
import type { Lane, LanePhase, Timeline, TimeParts } from './result.ts';

/** Sums over all threads of a run, in milliseconds. */
interface Sums {
  compute: number;
  combine: number;
  /** With a call, or helping with one. */
  busy: number;
  /** Of calls, between being made and being answered, without what their functions took. */
  waited: number;
}

interface Span {
  readonly phase: LanePhase;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

interface ThreadTimes {
  readonly spans: Span[];
  /** It has had a call, or helped with one, without a break since. */
  busySince: number | undefined;
  helpsSince: number | undefined;
  /** Where the last span ended. */
  drawnTo: number;
  combinedMs: number;
}

// Of a run of very many calls the rest is counted and not drawn.
const MOST_SPANS = 20_000;
// What is shorter than this part of the run is put together: nobody sees it.
const STRETCH = 1 / 500;

export class LaneWatch implements DispatchObserver {
  readonly #now: () => number;
  readonly #threads = new Map<Place, ThreadTimes>();
  readonly #submitted = new Map<Task, number>();
  #sums: Sums = { compute: 0, combine: 0, busy: 0, waited: 0 };
  #since = 0;
  #drawn = 0;
  #left = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A run begins; no call is under way. */
  begin(): void {
    this.#since = this.#now();
    this.#sums = { compute: 0, combine: 0, busy: 0, waited: 0 };
    this.#submitted.clear();
    this.#drawn = 0;
    this.#left = 0;
    for (const [place, { helpsSince }] of this.#threads) {
      const busySince = helpsSince === undefined ? undefined : this.#since;
      this.#threads.set(place, { ...this.#fresh(place), busySince, helpsSince });
    }
  }

  /** Where the time went since, of so many threads and for each of so many calls. */
  partsOf(workers: number, calls: number, elapsedMs: number): TimeParts {
    const { compute, combine, busy, waited } = this.#sums;
    const transfer = Math.max(0, busy - compute - combine);
    const idle = Math.max(0, workers * elapsedMs - compute - combine - transfer);
    const queue = Math.max(0, waited - transfer);
    const per = (ms: number): number => ms / Math.max(1, calls);
    return {
      compute: per(compute),
      queue: per(queue),
      transfer: per(transfer),
      combine: per(combine),
      idle: per(idle),
    };
  }

  /** The run as lanes, in the order in which the threads began. */
  timeline(workers: number, elapsedMs: number): Timeline {
    const lanes = [...this.#threads.values()].map(
      ({ spans }, index): Lane => ({ worker: index + 1, spans: joined(spans, elapsedMs * STRETCH) }),
    );
    return { workers, elapsedMs, lanes, left: this.#left };
  }

  onSubmit(task: Task): void {
    this.#submitted.set(task, this.#now());
  }

  onSend(place: Place): void {
    const times = this.#of(place);
    if (times.busySince !== undefined) return;
    times.busySince = this.#now();
    times.drawnTo = Math.max(times.drawnTo, times.busySince);
  }

  onAnswers(place: Place, answered: readonly Answered[]): void {
    const times = this.#of(place);
    const now = this.#now();
    const total = answered.reduce((sum, { computeMs }) => sum + computeMs, 0);
    // A thread that took the place of another has begun anew.
    const before = place.combinedMs < times.combinedMs ? 0 : times.combinedMs;
    const combined = Math.min(total, place.combinedMs - before);
    times.combinedMs = place.combinedMs;
    this.#sums.combine += combined;
    this.#sums.compute += total - combined;
    for (const { task, computeMs } of answered) this.#endWait(task, computeMs);
    this.#draw(times, answered, { now, total, combined });
  }

  onSettled(place: Place): void {
    const times = this.#of(place);
    if (place.count > 0 || times.helpsSince !== undefined || times.busySince === undefined) return;
    this.#sums.busy += this.#now() - times.busySince;
    times.busySince = undefined;
  }

  onHelp(place: Place, helps: boolean): void {
    const times = this.#of(place);
    const now = this.#now();
    if (helps) {
      times.helpsSince = now;
      times.busySince ??= now;
    } else if (times.helpsSince !== undefined) {
      const since = Math.max(times.helpsSince, this.#since);
      this.#sums.compute += now - since;
      this.#add(times, { phase: 'compute', name: 'help', from: since, to: now });
      times.helpsSince = undefined;
      // A call that was sent meanwhile waits since now only: the thread was at work.
      times.drawnTo = Math.max(times.drawnTo, now);
      this.onSettled(place);
    }
  }

  // What comes after it is not spent in a queue, but with the calls it waits for.
  onWait(task: Task): void {
    this.#endWait(task, 0);
  }

  onEnd(place: Place): void {
    this.onHelp(place, false);
    this.onSettled(place);
  }

  #endWait(task: Task, computeMs: number): void {
    const since = this.#submitted.get(task);
    this.#submitted.delete(task);
    if (since !== undefined) this.#sums.waited += Math.max(0, this.#now() - since - computeMs);
  }

  // From the end backwards: the answers came as soon as the last function had ended.
  #draw(times: ThreadTimes, answered: readonly Answered[], { now, total, combined }: Turn): void {
    const begin = Math.max(times.drawnTo, now - total);
    const scale = total > 0 ? (now - begin) / total : 0;
    this.#add(times, { phase: 'transfer', name: '', from: times.drawnTo, to: begin });
    let at = begin;
    for (const { task, computeMs } of answered) {
      const end = at + computeMs * scale;
      const until = task === answered.at(-1)?.task ? Math.max(at, end - combined) : end;
      this.#add(times, { phase: 'compute', name: task.name, from: at, to: until });
      this.#add(times, { phase: 'combine', name: task.name, from: until, to: end });
      at = end;
    }
    times.drawnTo = now;
  }

  #add({ spans }: ThreadTimes, { phase, name, from, to }: Drawn): void {
    if (!(to > from)) return;
    if (++this.#drawn > MOST_SPANS) this.#left++;
    else spans.push({ phase, name, startMs: from - this.#since, endMs: to - this.#since });
  }

  #of(place: Place): ThreadTimes {
    const known = this.#threads.get(place);
    if (known !== undefined) return known;
    const times = this.#fresh(place);
    this.#threads.set(place, times);
    return times;
  }

  #fresh(place: Place): ThreadTimes {
    return {
      spans: [],
      busySince: undefined,
      helpsSince: undefined,
      drawnTo: this.#since,
      combinedMs: place.combinedMs,
    };
  }
}

interface Turn {
  readonly now: number;
  readonly total: number;
  readonly combined: number;
}

interface Drawn {
  readonly phase: LanePhase;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Spans too short to be seen put together: those that begin in the same short stretch of the run, one span a kind, as long
 * as they are together.
 */
function joined(spans: readonly Span[], stretchMs: number): Span[] {
  const result: Span[] = [];
  let stretch: { readonly end: number; readonly kinds: Map<string, Span> } | undefined;
  const close = (): void => {
    let at: number | undefined;
    for (const span of stretch?.kinds.values() ?? []) {
      const startMs = at ?? span.startMs;
      at = startMs + span.endMs - span.startMs;
      result.push({ ...span, startMs, endMs: at });
    }
    stretch = undefined;
  };
  for (const span of spans) {
    if (stretch !== undefined && span.startMs >= stretch.end) close();
    if (span.endMs - span.startMs >= stretchMs) {
      close();
      result.push(span);
      continue;
    }
    stretch ??= { end: span.startMs + stretchMs, kinds: new Map() };
    const kind = `${span.phase} ${span.name}`;
    const before = stretch.kinds.get(kind) ?? { ...span, endMs: span.startMs };
    stretch.kinds.set(kind, { ...before, endMs: before.endMs + span.endMs - span.startMs });
  }
  close();
  return result;
}
