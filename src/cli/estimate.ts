// How long the whole of a call will still take: from how fast its phases have gone so far, and from what share of the whole each
// is expected to be. Between two reports it counts down, and a report moves it gently, so that a person can rely on it.

/** What each phase is expected to take, in any unit; phases left out take nothing to speak of. */
export type Shares = Readonly<Record<string, number>>;

// A report is believed once this much of its phase has shown how fast it goes.
const LEAST_MS = 1000;
// How long it takes until reports have replaced what was thought before, about.
const MEMORY_MS = 2000;

export class Estimate {
  readonly #phases: readonly string[];
  readonly #shares: Shares;
  #at = -1;
  #since = 0;
  #fraction = 0;
  /** Of the phases that are over and have a share: what they took, and what was expected of them. */
  #spentMs = 0;
  #spentShares = 0;
  /** What was left at a time. */
  #left: { readonly ms: number; readonly now: number } | undefined;

  constructor(phases: readonly string[], shares: Shares) {
    this.#phases = phases;
    this.#shares = shares;
  }

  /** The phase begins, and those before it are over. */
  enter(phase: string, now: number): void {
    const share = this.#share(this.#at);
    if (share > 0) {
      this.#spentMs += now - this.#since;
      this.#spentShares += share;
    }
    this.#at = this.#phases.indexOf(phase);
    this.#since = now;
    this.#fraction = 0;
    if (this.#spentShares === 0) return;
    const unitMs = this.#spentMs / this.#spentShares;
    this.#report((this.#share(this.#at) + this.#later()) * unitMs, now);
  }

  /** So much of the phase is done, from 0 to 1. */
  advance(fraction: number, now: number): void {
    if (fraction <= this.#fraction) return;
    this.#fraction = fraction;
    const ms = now - this.#since;
    if (ms < LEAST_MS) return;
    const wholeMs = ms / fraction;
    const shares = this.#spentShares + this.#share(this.#at);
    const later = this.#later();
    const laterMs = later === 0 ? 0 : (later * (this.#spentMs + wholeMs)) / shares;
    this.#report(wholeMs - ms + laterMs, now);
  }

  /** Milliseconds; undefined where nothing is known, and where it takes longer than was thought. */
  leftMs(now: number): number | undefined {
    if (this.#left === undefined) return undefined;
    const ms = this.#left.ms - (now - this.#left.now);
    return ms >= 0 && Number.isFinite(ms) ? ms : undefined;
  }

  #report(ms: number, now: number): void {
    const before = this.leftMs(now);
    const passed = now - (this.#left?.now ?? 0);
    const weight = before === undefined ? 1 : 1 - Math.exp(-passed / MEMORY_MS);
    this.#left = { ms: weight * ms + (1 - weight) * (before ?? 0), now };
  }

  #later(): number {
    return this.#phases.slice(this.#at + 1).reduce((sum, phase) => sum + (this.#shares[phase] ?? 0), 0);
  }

  #share(at: number): number {
    return this.#shares[this.#phases[at] ?? ''] ?? 0;
  }
}
