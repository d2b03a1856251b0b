// Virtual time: what is to happen, in the order of its time, and of what happens at one moment in an order by chance.
import type { Clock, Immediate, Timer } from '../../src/clock.ts';
import type { Random } from './random.ts';

/** Something that does one thing at a time: the main thread, or a worker. */
export class Side {
  readonly name: string;
  /** It computes or is blocked: its events wait. */
  isBusy = false;
  /** It is no more: its events never come. */
  isGone = false;
  /** The last turn in which it acted: it may act once in each, before its microtasks have run. */
  turn = -1;

  constructor(name: string) {
    this.name = name;
  }
}

export interface SimEvent {
  readonly at: number;
  readonly tie: number;
  readonly side: Side;
  /** Who acts when it comes, if that is another. */
  readonly wakes: Side;
  readonly kind: 'timer' | 'message' | 'other';
  readonly label: string;
  readonly run: () => void;
  isDone: boolean;
}

export type Plan = Pick<SimEvent, 'side' | 'label' | 'run'> & {
  readonly inMs: number;
  readonly wakes?: Side;
  readonly kind?: SimEvent['kind'];
};

export class Timeline {
  now = 0;
  readonly #random: Random;
  /** The next one last. */
  #events: SimEvent[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  plan({ side, wakes = side, label, run, inMs, kind = 'other' }: Plan): SimEvent {
    const event = {
      at: this.now + Math.max(0, inMs),
      tie: this.#random.next(),
      side,
      wakes,
      kind,
      label,
      run,
      isDone: false,
    };
    let index = this.#events.length;
    for (let other = this.#events[index - 1]; other !== undefined && isBefore(other, event); ) {
      index--;
      other = this.#events[index - 1];
    }
    this.#events.splice(index, 0, event);
    return event;
  }

  /** Takes the next event out that `accepts` and whose side can act, if it comes by `until`; time goes on to it. */
  take(until: number, accepts: (side: Side) => boolean = () => true): SimEvent | undefined {
    for (let index = this.#events.length - 1; index >= 0; index--) {
      const event = this.#events[index];
      if (event === undefined || event.at > until) return undefined;
      if (event.isDone || event.side.isGone) {
        this.#events.splice(index, 1);
      } else if (!event.side.isBusy && accepts(event.wakes)) {
        this.#events.splice(index, 1);
        event.isDone = true;
        this.now = Math.max(this.now, event.at);
        return event;
      }
    }
    return undefined;
  }

  /** Whether a message has arrived at `side` and was not read. */
  hasArrived(side: Side): boolean {
    return this.#events.some(
      (event) => event.kind === 'message' && event.side === side && event.at <= this.now && !event.isDone,
    );
  }
}

function isBefore(one: SimEvent, other: SimEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}

class VirtualTimer implements Timer {
  isRef = true;
  readonly event: SimEvent;

  constructor(event: SimEvent) {
    this.event = event;
  }

  unref(): void {
    this.isRef = false;
  }
}

/** The clock of one side. */
export class VirtualClock implements Clock {
  readonly #timeline: Timeline;
  readonly #side: Side;
  readonly #timers = new Set<VirtualTimer>();
  readonly #immediates = new Set<Immediate>();
  readonly #onImmediate: () => void;

  /** @param onImmediate told when an immediate has been called */
  constructor(timeline: Timeline, side: Side, onImmediate: () => void = () => {}) {
    this.#timeline = timeline;
    this.#side = side;
    this.#onImmediate = onImmediate;
  }

  now(): number {
    return this.#timeline.now;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const run = () => {
      this.#timers.delete(timer);
      callback();
    };
    const event = this.#timeline.plan({ side: this.#side, kind: 'timer', label: 'timer', run, inMs: ms });
    const timer = new VirtualTimer(event);
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer | undefined): void {
    if (!(timer instanceof VirtualTimer)) return;
    timer.event.isDone = true;
    this.#timers.delete(timer);
  }

  setImmediate(callback: () => void): Immediate {
    const immediate = {};
    const look = () => {
      if (!this.#immediates.has(immediate)) return;
      // Messages that have arrived come first, as in Node's event loop.
      if (this.#timeline.hasArrived(this.#side)) {
        plan();
        return;
      }
      this.#immediates.delete(immediate);
      callback();
      this.#onImmediate();
    };
    const plan = () => this.#timeline.plan({ side: this.#side, label: 'immediate', run: look, inMs: 0 });
    this.#immediates.add(immediate);
    plan();
    return immediate;
  }

  clearImmediate(immediate: Immediate | undefined): void {
    if (immediate !== undefined) this.#immediates.delete(immediate);
  }

  /** Immediates that wait. */
  get immediates(): number {
    return this.#immediates.size;
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Timers that keep the process alive. */
  get refTimers(): number {
    return [...this.#timers].filter(({ isRef }) => isRef).length;
  }
}
