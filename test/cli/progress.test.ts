import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandIo } from '../../src/cli/io.ts';
import { type BarState, barLine, seconds, startProgress } from '../../src/cli/progress.ts';

const PHASES = ['load', 'compute', 'write'];

function state(change: Partial<BarState>): BarState {
  const nothing = { phase: undefined, phaseMs: 0, totalMs: 0, fraction: undefined, leftMs: undefined };
  return { phases: PHASES, ...nothing, ...change };
}

function terminal({
  env = {},
  isTerminal = true,
  columns = 80,
}: Partial<CommandIo['stderr'] & CommandIo> = {}) {
  const written: string[] = [];
  const io: CommandIo = {
    cwd: '/',
    env,
    stdin: (async function* () {})(),
    askForTime() {},
    stdout: { reader: 'program', columns: undefined, write: async () => {} },
    stderr: { isTerminal, columns, write: (text) => written.push(text) },
    signal: new AbortController().signal,
    launch: () => Promise.resolve(0),
    now: () => Date.now(),
  };
  return { io, written };
}

describe('the line of the progress bar', () => {
  it('fills the cells of the phases that are over and moves a mark in the one under way', () => {
    expect(barLine(state({}))).toBe('[    |    |    ] wait 0.0 s, 0.0 s so far');
    const computing = state({ phase: 'compute', phaseMs: 1300, totalMs: 1600 });
    expect(barLine(computing)).toBe('[====| >  |    ] compute 1.3 s, 1.6 s so far');
    expect(barLine({ ...computing, phaseMs: 1400 })).toBe('[====|  > |    ] compute 1.4 s, 1.6 s so far');
  });

  it('tells a percentage and the rest only where they are known', () => {
    const half = state({ phase: 'write', phaseMs: 500, totalMs: 2000, fraction: 0.5 });
    expect(barLine(half)).toBe('[====|====|==  ] write 50 %, 2.0 s so far');
    expect(barLine({ ...half, leftMs: 2100 })).toBe('[====|====|==  ] write 50 %, 3 s left, 2.0 s so far');
    expect(barLine({ ...half, leftMs: 90_000 })).toContain(', 1 min 30 s left, ');
    expect(barLine({ ...half, fraction: undefined })).not.toContain('%');
  });

  it('keeps to what is left where nothing else is known of the phase, and to 80 columns', () => {
    const phases = ['load', 'compute', 'convert', 'encode', 'write', 'verify'];
    const long = { phases, phase: 'convert', phaseMs: 4e6, totalMs: 5_999_000, leftMs: 5_999_000 };
    const line = barLine(state(long));
    expect(line).toBe('[====|====|>   |    |    |    ] convert, 99 min 59 s left, 99 min 59 s so far');
    expect(line.length).toBeLessThan(80);
  });

  it('is one wide cell where there is one phase, and says what is being done in it', () => {
    const tuning = { phases: ['tune'], phase: 'tune', word: 'memos', totalMs: 2000, fraction: 0.5 };
    expect(barLine(state(tuning))).toBe(`[${'='.repeat(12).padEnd(24)}] memos 50 %, 2.0 s so far`);
    const longest = { ...tuning, totalMs: 5_999_000, leftMs: 5_999_000, word: 'workers' };
    expect(barLine(state(longest)).length).toBeLessThan(80);
  });

  it('says minutes from a minute on', () => {
    expect(seconds(59_940)).toBe('59.9 s');
    expect(seconds(59_960)).toBe('1 min 0 s');
    expect(seconds(187_000)).toBe('3 min 7 s');
  });
});

describe('the progress bar', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('does not appear for an answer that comes at once', () => {
    const { io, written } = terminal();
    const progress = startProgress(io, PHASES);
    progress.enter('compute');
    vi.advanceTimersByTime(199);
    progress.clear();
    vi.advanceTimersByTime(5000);
    expect(written).toEqual([]);
  });

  it('is drawn in place, and gone after it is cleared', () => {
    const { io, written } = terminal({ env: { NO_COLOR: '1' } });
    const progress = startProgress(io, PHASES);
    progress.enter('compute');
    vi.advanceTimersByTime(300);
    expect(written).toHaveLength(2);
    for (const text of written) {
      expect(text.startsWith('\r[====|')).toBe(true);
      expect(text.endsWith(' so far\x1b[K')).toBe(true);
    }
    progress.clear();
    progress.clear();
    vi.advanceTimersByTime(5000);
    expect(written.slice(2)).toEqual(['\r\x1b[K']);
  });

  it('makes way for a line that stays, and is drawn again below it', () => {
    const { io, written } = terminal({ env: { NO_COLOR: '1' } });
    const progress = startProgress(io, PHASES);
    vi.advanceTimersByTime(200);
    progress.hide();
    expect(written.slice(1)).toEqual(['\r\x1b[K']);
    vi.advanceTimersByTime(100);
    expect(written[2]).toContain('wait');
  });

  it('tells how long the whole will still take', () => {
    const { io, written } = terminal({ env: { NO_COLOR: '1' } });
    const progress = startProgress(io, PHASES, { compute: 1, write: 0.5 });
    progress.enter('compute');
    vi.advanceTimersByTime(2000);
    progress.advance(0.5);
    vi.advanceTimersByTime(100);
    expect(written.at(-1)).toContain('compute 50 %, 4 s left, 2.1 s so far'); // 2 s of computing, 2 s of writing
  });

  it('never goes back to an earlier phase', () => {
    const { io, written } = terminal({ env: { NO_COLOR: '1' } });
    const progress = startProgress(io, PHASES);
    for (const phase of ['load', 'compute', 'queue', 'load']) progress.enter(phase);
    vi.advanceTimersByTime(200);
    expect(written.join('')).toContain('compute');
  });

  it('has no colors under NO_COLOR', () => {
    const plain = terminal({ env: { NO_COLOR: '1' } });
    const colored = terminal({ env: { NO_COLOR: '' } });
    for (const { io } of [plain, colored]) startProgress(io, PHASES);
    vi.advanceTimersByTime(200);
    expect(plain.written.join('')).not.toContain('m');
    expect(colored.written.join('')).toContain('\x1b[36m');
  });

  it('never breaks the line of a narrow terminal', () => {
    const { io, written } = terminal({ columns: 20, env: { NO_COLOR: '1' } });
    startProgress(io, PHASES).enter('compute');
    vi.advanceTimersByTime(200);
    expect(written.join('').replace('\r', '').replace('\x1b[K', '')).toHaveLength(19);
  });

  it('does not exist where stderr is no terminal, or one that cannot redraw a line', () => {
    const file = terminal({ isTerminal: false });
    const dumb = terminal({ env: { TERM: 'dumb' } });
    for (const { io } of [file, dumb]) startProgress(io, PHASES).enter('compute');
    vi.advanceTimersByTime(5000);
    expect([...file.written, ...dumb.written]).toEqual([]);
  });
});
