// The whole pool in simulated worlds, one a seed: whatever goes wrong, and in whatever order, the right value or a named
// error. SIM_SEEDS and SIM_FROM choose other seeds.
import { expect, test } from 'vitest';
import { regressions } from './regressions.ts';
import { type Result, simulate } from './simulate.ts';

const SEEDS = Number(process.env['SIM_SEEDS'] ?? 2000);
const FROM = Number(process.env['SIM_FROM'] ?? 0);
const PARTS = 10;
const TAIL = 60;

function explain({ seed, failures, trace }: Result): string {
  return [
    `seed ${seed}: ${failures.join('; ')}`,
    `replay it: npm run simulate -- --seed ${seed}`,
    ...trace.slice(-TAIL),
  ].join('\n');
}

test.each(regressions)('a seed that once failed holds: $seed, $was', async ({ seed }) => {
  const result = await simulate(seed);
  expect(result.failures, explain(result)).toEqual([]);
});

test('the same seed gives the same trace, to the letter', async () => {
  for (const seed of [1, 2, 3, 5, 8, 13, 21, 34]) {
    const { trace } = await simulate(seed);
    expect((await simulate(seed)).trace).toEqual(trace);
  }
});

const totals = new Map<string, number>();

test.each(Array.from({ length: PARTS }, (_, part) => part + 1))(
  `whatever happens, everybody gets the right value or a named error: part %i of ${PARTS}`,
  { timeout: 600_000 },
  async (part) => {
    const first = FROM + Math.floor(((part - 1) * SEEDS) / PARTS);
    const end = FROM + Math.floor((part * SEEDS) / PARTS);
    for (let seed = first; seed < end; seed++) {
      const result = await simulate(seed);
      for (const [what, times] of result.counts) totals.set(what, (totals.get(what) ?? 0) + times);
      if (result.failures.length > 0) throw new Error(explain(result));
    }
  },
);

// What never happens is not tested: a world that has become too quiet would pass every seed.
test
  .skipIf(SEEDS < 500)
  .each([
    'ABORT_ERR',
    'ERR_CYCLE',
    'ERR_DEADLINE',
    'ERR_FUNCTION_CRASHING',
    'ERR_FUNCTION_NOT_FOUND',
    'ERR_MODULE_LOAD',
    'ERR_NON_ERROR_THROWN',
    'ERR_OPTION',
    'ERR_POOL_CLOSED',
    'ERR_QUEUE_FULL',
    'ERR_RESULT_NOT_CLONEABLE',
    'ERR_STALLED',
    'ERR_TIMEOUT',
    'ERR_UNSETTLED',
    'ERR_WORKER_EXIT',
    'ERR_WORKER_MEMORY',
    'ERR_WORKER_START',
    'late error',
    'late exit',
    'start: refused',
    'start: stillborn',
    'hit',
    'join',
    'meanwhile',
    'nested error',
    'nested hit',
    'nested join',
    'nested miss',
    'nested value',
  ])('%s has happened in these worlds', (what) => {
  expect(totals.get(what) ?? 0).toBeGreaterThan(10);
});
