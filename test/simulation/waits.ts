// What a simulated thread computes for long, or waits for: it ends after its time, when it is stopped, or is healed.
import { StopError } from '../../src/compute/stop.ts';
import { Side, type SimEvent, type Timeline } from './timeline.ts';

interface Kind {
  /** It keeps the thread from everything else. */
  readonly isBusy: boolean;
  /** The call whose function looks now and then whether it is to stop. */
  readonly heeds: number | undefined;
}

interface Wait extends Kind {
  /** Undefined when it never ends. */
  readonly event: SimEvent | undefined;
  end(error?: Error): void;
}

export class Waits {
  readonly #side: Side;
  readonly #timeline: Timeline;
  readonly #onEnd: () => void;
  readonly #waits = new Set<Wait>();

  /** @param onEnd told when one has ended */
  constructor(side: Side, timeline: Timeline, onEnd: () => void) {
    this.#side = side;
    this.#timeline = timeline;
    this.#onEnd = onEnd;
  }

  /** Something is under way that ends by itself. */
  get mayEnd(): boolean {
    return [...this.#waits].some(({ event }) => event !== undefined);
  }

  /** @param after called before who waits goes on */
  add(ms: number, kind: Kind, after: () => void = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error) => {
        if (!this.#waits.has(wait) || this.#side.isGone) return;
        this.#waits.delete(wait);
        after();
        this.#onEnd();
        if (error === undefined) resolve();
        else reject(error);
      };
      const event =
        ms === Infinity ? undefined : this.#plan(kind, { inMs: ms, what: 'goes on' }, () => end());
      const wait: Wait = { ...kind, event, end };
      this.#waits.add(wait);
    });
  }

  /** A call is asked to stop, by the main thread in the midst of what it does. */
  stop(seq: number, stopMs: () => number): void {
    for (const wait of this.#waits) {
      if (wait.heeds !== seq) continue;
      this.#plan(wait, { inMs: stopMs(), what: 'is stopped' }, () => wait.end(new StopError()));
    }
  }

  /** What never ends, ends now. */
  heal(): void {
    for (const wait of this.#waits) {
      if (wait.event === undefined) this.#plan(wait, { inMs: 0, what: 'is healed' }, () => wait.end());
    }
  }

  // The thread's own events cannot come while it is busy.
  #plan(
    { isBusy }: Kind,
    { inMs, what }: { readonly inMs: number; readonly what: string },
    run: () => void,
  ): SimEvent {
    const side = isBusy ? new Side('time') : this.#side;
    return this.#timeline.plan({ side, wakes: this.#side, label: `${this.#side.name} ${what}`, run, inMs });
  }
}
