// Conversion of a number's digits from one base to another, within an engine's memory; see convert-plan.ts.
import { oneBase } from './base.ts';
import { convertBlocks } from './convert-blocks.ts';
import { type ConvertPlaces, type ConvertPlan, convertPlaces, squareRows } from './convert-plan.ts';
import { add } from './digits.ts';
import type { Digits, Engine } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import { digitsIn } from './shapes.ts';

/** Of a level: the digits of a block before it, and how many blocks there are. */
interface Level {
  readonly rows: number;
  readonly size: number;
  readonly count: number;
}

/**
 * Converts, and leaves the digits of the new base in {@link ConvertPlaces.digits}; the rest of the region is overwritten.
 *
 * @param start of the region that `convertPlaces` describes; the old digits of all blocks are at its `work`
 * @throws RoundingError
 */
export function convert(engine: Engine, plan: ConvertPlan, start: number): Digits {
  const places = convertPlaces(plan);
  const { blocks, toCount, levels } = plan;
  const total = levels.length === 0 ? blocks * toCount : toCount * 2 ** levels.length;
  new Int32Array(engine.buffer, start + places.digits, total).fill(0, blocks * toCount);
  const power = convertBlocks(engine, plan, {
    from: start + places.work,
    to: start + places.digits,
    table: start + places.blocks,
  });
  new Int32Array(engine.buffer, start + places.power, toCount).set(power);
  for (const [i, rows] of levels.entries()) {
    const level = { rows, size: toCount * 2 ** i, count: Math.ceil(blocks / 2 ** i) };
    const digits = { at: start + places.power, length: level.size };
    engine.keep(rows, digits, start + places.kept);
    joinPairs(engine, level, { plan, places, start });
    if (i < levels.length - 1) squarePower(engine, digits, { plan, places, start });
  }
  return { at: start + places.digits, length: blocks * toCount };
}

interface Setting {
  readonly plan: ConvertPlan;
  readonly places: ConvertPlaces;
  readonly start: number;
}

function squarePower(engine: Engine, power: Digits, { plan, places, start }: Setting): void {
  engine.step({
    rows: squareRows(power.length),
    base: oneBase(plan.bases.to),
    a: power,
    b: undefined,
    forms: [[1, 0, 0]],
    to: [power.at],
    work: start + places.work,
  });
}

// Each pair of blocks becomes one: several in one transform, with room between them, or one that fills it.
function joinPairs(engine: Engine, level: Level, setting: Setting): void {
  const { plan, places, start } = setting;
  const { rows, size } = level;
  const length = digitsIn(rows);
  const pairsEach = length / (2 * size);
  const pairs = Math.floor(level.count / 2);
  for (let pair = 0; pair < pairs; pair += pairsEach) {
    const at = start + places.digits + 2 * pair * size * DIGIT_BYTES;
    const here = Math.min(pairsEach, pairs - pair);
    engine.step({
      rows,
      base: oneBase(plan.bases.to),
      a:
        pairsEach === 1 ? high(at, size) : gather(engine, { at, size, pairs: here }, start + places.gathered),
      b: undefined,
      kept: start + places.kept,
      forms: [[0, 1, 0]],
      to: [start + places.product],
      work: start + places.work,
    });
    clearHigh(engine, { at, size, pairs: here });
    add(engine, { to: at, from: start + places.product, count: 2 * here * size, base: plan.bases.to });
  }
}

function high(at: number, size: number): Digits {
  return { at: at + size * DIGIT_BYTES, length: size };
}

interface Pairs {
  readonly at: number;
  readonly size: number;
  readonly pairs: number;
}

function gather({ buffer }: Engine, { at, size, pairs }: Pairs, to: number): Digits {
  const from = new Int32Array(buffer, at, 2 * size * pairs);
  const gathered = new Int32Array(buffer, to, 2 * size * pairs);
  gathered.fill(0);
  for (let i = 0; i < 2 * pairs; i += 2)
    gathered.set(from.subarray((i + 1) * size, (i + 2) * size), i * size);
  return { at: to, length: gathered.length };
}

function clearHigh({ buffer }: Engine, { at, size, pairs }: Pairs): void {
  const digits = new Int32Array(buffer, at, 2 * size * pairs);
  for (let i = 0; i < 2 * pairs; i += 2) digits.fill(0, (i + 1) * size, (i + 2) * size);
}
