// The progress bar on stderr: a cell for each phase, filled when the phase is over. How much of a phase is done is known for
// writing, and for a function that tells it; in the others a mark moves, and no percentage is made up.
import { Estimate, type Shares } from './estimate.ts';
import type { CommandIo } from './io.ts';

/** What a bar shows at one moment. */
export interface BarState {
  readonly phases: readonly string[];
  /** The phase under way; none while the call waits for its worker. */
  readonly phase: string | undefined;
  /** What stands in the place of the phase's name. */
  readonly word?: string | undefined;
  readonly phaseMs: number;
  readonly totalMs: number;
  /** How much of the phase is done, from 0 to 1, where that is known. */
  readonly fraction: number | undefined;
  /** How long the whole will still take, where there is something to judge by. */
  readonly leftMs: number | undefined;
}

/** Told of the phases of a call, in their order. */
export interface Progress {
  enter(phase: string): void;
  /** How much of the phase under way is done. */
  advance(fraction: number): void;
  /** What is being done now, where the phase's name does not tell. */
  say(word: string): void;
  /** Takes the bar away until it is drawn again, for a line that stays. */
  hide(): void;
  /** Takes the bar away for good. */
  clear(): void;
}

// An answer that comes sooner needs no bar.
const PATIENCE_MS = 200;
const FRAME_MS = 100;
const CELL = 4;
// Of a bar that has no other.
const ONLY_CELL = 24;
const DEFAULT_COLUMNS = 80;

const NO_PROGRESS: Progress = { enter() {}, advance() {}, say() {}, hide() {}, clear() {} };

// Of what a function does nothing is known: that it computes, and that the rest is short.
const USUAL_SHARES: Shares = { compute: 1 };

/**
 * The bar where a person can see it, else nothing.
 *
 * @param shares what each phase is expected to take of the whole
 */
export function startProgress(
  io: CommandIo,
  phases: readonly string[],
  shares: Shares = USUAL_SHARES,
): Progress {
  const canMoveCursor = io.stderr.isTerminal && io.env['TERM'] !== 'dumb';
  return canMoveCursor ? new ProgressBar(io, phases, new Estimate(phases, shares)) : NO_PROGRESS;
}

class ProgressBar implements Progress {
  readonly #io: CommandIo;
  readonly #phases: readonly string[];
  readonly #estimate: Estimate;
  readonly #since: number;
  #timer: NodeJS.Timeout;
  #phase: string | undefined;
  #phaseSince: number;
  #fraction: number | undefined;
  #word: string | undefined;
  #drawn = false;

  constructor(io: CommandIo, phases: readonly string[], estimate: Estimate) {
    this.#io = io;
    this.#phases = phases;
    this.#estimate = estimate;
    this.#since = io.now();
    this.#phaseSince = this.#since;
    this.#timer = setTimeout(() => this.#draw(), PATIENCE_MS).unref();
  }

  // Forwards only: while an answer travels, its worker is back to waiting already.
  enter(phase: string): void {
    if (this.#phases.indexOf(phase) <= this.#phases.indexOf(this.#phase ?? '')) return;
    this.#phase = phase;
    this.#phaseSince = this.#io.now();
    this.#fraction = undefined;
    this.#estimate.enter(phase, this.#phaseSince);
  }

  advance(fraction: number): void {
    this.#fraction = fraction;
    this.#estimate.advance(fraction, this.#io.now());
  }

  say(word: string): void {
    this.#word = word;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.hide();
  }

  hide(): void {
    if (this.#drawn) this.#io.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }

  #draw(): void {
    const now = this.#io.now();
    const state: BarState = {
      phases: this.#phases,
      phase: this.#phase,
      word: this.#word,
      phaseMs: now - this.#phaseSince,
      totalMs: now - this.#since,
      fraction: this.#fraction,
      leftMs: this.#estimate.leftMs(now),
    };
    // Not the last column, where some terminals break the line; some say that they have none.
    const line = barLine(state).slice(0, (this.#io.stderr.columns || DEFAULT_COLUMNS) - 1);
    this.#io.stderr.write(`\r${this.#colored(line)}\x1b[K`);
    this.#drawn = true;
    this.#timer = setTimeout(() => this.#draw(), FRAME_MS).unref();
  }

  #colored(line: string): string {
    return this.#io.env['NO_COLOR'] ? line : `\x1b[36m${line}\x1b[39m`;
  }
}

/** `[====|==  |    |    ] compute 62 %, 4 s left, 1.6 s so far`: both times are of the whole. */
export function barLine(state: BarState): string {
  const at = state.phase === undefined ? -1 : state.phases.indexOf(state.phase);
  const width = state.phases.length === 1 ? ONLY_CELL : CELL;
  const cells = state.phases.map((_, index) => {
    if (index < at) return '='.repeat(width);
    return index === at ? cellUnderWay(state, width) : ' '.repeat(width);
  });
  return `[${cells.join('|')}] ${state.word ?? state.phase ?? 'wait'}${details(state)}, ${seconds(state.totalMs)} so far`;
}

function cellUnderWay({ fraction, phaseMs }: BarState, width: number): string {
  if (fraction !== undefined) return '='.repeat(Math.floor(fraction * width)).padEnd(width);
  const frame = Math.floor(phaseMs / FRAME_MS) % width;
  return '>'.padStart(frame + 1).padEnd(width);
}

// With minutes in all of them, it fits in 80 columns.
function details({ fraction, phaseMs, leftMs }: BarState): string {
  const left = leftMs === undefined ? '' : `, ${roughly(leftMs)} left`;
  if (fraction !== undefined) return ` ${Math.floor(fraction * 100)} %${left}`;
  return leftMs === undefined ? ` ${seconds(phaseMs)}` : left;
}

// A guess has no tenths.
function roughly(ms: number): string {
  return ms < 59_000 ? `${Math.ceil(ms / 1000)} s` : seconds(ms);
}

/** `1.3 s`; `3 min 7 s` from a minute on. */
export function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
