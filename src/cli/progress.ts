// The progress bar on stderr: a cell for each phase, filled when the phase is over. How long a phase will take is known for
// writing, and for a function that tells how much it has done; in the others a mark moves, and no percentage is made up.
import type { CommandIo } from './io.ts';

/** What a bar shows at one moment. */
export interface BarState {
  readonly phases: readonly string[];
  /** The phase under way; none while the call waits for its worker. */
  readonly phase: string | undefined;
  readonly phaseMs: number;
  readonly totalMs: number;
  /** How much of the phase is done, from 0 to 1, where that is known. */
  readonly fraction: number | undefined;
}

/** Told of the phases of a call, in their order. */
export interface Progress {
  enter(phase: string): void;
  /** How much of the phase under way is done. */
  advance(fraction: number): void;
  /** Takes the bar away for good. */
  clear(): void;
}

// An answer that comes sooner needs no bar.
const PATIENCE_MS = 200;
const FRAME_MS = 100;
const CELL = 4;
const DEFAULT_COLUMNS = 80;

const NO_PROGRESS: Progress = { enter() {}, advance() {}, clear() {} };

/** The bar where a person can see it, else nothing. */
export function startProgress(io: CommandIo, phases: readonly string[]): Progress {
  const canMoveCursor = io.stderr.isTerminal && io.env['TERM'] !== 'dumb';
  return canMoveCursor ? new ProgressBar(io, phases) : NO_PROGRESS;
}

class ProgressBar implements Progress {
  readonly #io: CommandIo;
  readonly #phases: readonly string[];
  readonly #since: number;
  #timer: NodeJS.Timeout;
  #phase: string | undefined;
  #phaseSince: number;
  #fraction: number | undefined;
  #drawn = false;

  constructor(io: CommandIo, phases: readonly string[]) {
    this.#io = io;
    this.#phases = phases;
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
  }

  advance(fraction: number): void {
    this.#fraction = fraction;
  }

  clear(): void {
    clearTimeout(this.#timer);
    if (this.#drawn) this.#io.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }

  #draw(): void {
    const now = this.#io.now();
    const state: BarState = {
      phases: this.#phases,
      phase: this.#phase,
      phaseMs: now - this.#phaseSince,
      totalMs: now - this.#since,
      fraction: this.#fraction,
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

/** `[====|====| => |    |    ] convert 1.3 s, 1.6 s in all` */
export function barLine(state: BarState): string {
  const at = state.phase === undefined ? -1 : state.phases.indexOf(state.phase);
  const cells = state.phases.map((_, index) => {
    if (index < at) return '='.repeat(CELL);
    return index === at ? cellUnderWay(state) : ' '.repeat(CELL);
  });
  return `[${cells.join('|')}] ${state.phase ?? 'wait'} ${details(state)}, ${seconds(state.totalMs)} in all`;
}

function cellUnderWay({ fraction, phaseMs }: BarState): string {
  if (fraction !== undefined) return '='.repeat(Math.floor(fraction * CELL)).padEnd(CELL);
  const frame = Math.floor(phaseMs / FRAME_MS) % CELL;
  return '>'.padStart(frame + 1).padEnd(CELL);
}

// The rest of a phase is worth a guess once a second of it has shown how fast it goes.
function details({ fraction, phaseMs }: BarState): string {
  if (fraction === undefined) return seconds(phaseMs);
  const done = `${Math.floor(fraction * 100)} %`;
  if (phaseMs < 1000 || fraction === 0) return done;
  return `${done}, ${seconds((phaseMs * (1 - fraction)) / fraction)} left`;
}

/** `1.3 s`; `3 min 7 s` from a minute on. */
export function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
