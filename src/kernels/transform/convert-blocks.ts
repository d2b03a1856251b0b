// The short blocks of a conversion, by the powers of the old base as digits of the new one: see assembly/convert.ts.
import type { Bases, ConvertPlan } from './convert-plan.ts';
import type { Engine } from './engine.ts';
import { DIGIT_BYTES, ROUNDING } from './layout.ts';

/** Digits of the new base whose sums are made at once. */
const TILE = 4;
const HEAD_BYTES = 16;
const POWER_BYTES = TILE * 8;
const GROUP = 4;
const MOST_FROM_COUNT = 512;
const BASE_BYTES = 32;

/** Room for four blocks, side by side. */
export const SPREAD_BYTES: number = MOST_FROM_COUNT * GROUP * 8;

type Blocks = Pick<ConvertPlan, 'bases' | 'fromCount' | 'toCount'>;

export function blockTableBytes({ fromCount, toCount }: Blocks): number {
  return BASE_BYTES + (toCount / TILE) * (HEAD_BYTES + fromCount * POWER_BYTES);
}

function timesSmall(digits: Float64Array, { from, to }: Bases): void {
  let carry = 0;
  for (let j = 0; j < digits.length; j++) {
    const value = (digits[j] ?? 0) * from + carry;
    carry = Math.floor(value / to);
    digits[j] = value - carry * to;
  }
}

interface Places {
  /** The digits of the old base, of all blocks. */
  readonly from: number;
  readonly to: number;
  /** Room for the table, and for {@link SPREAD_BYTES} behind it. */
  readonly table: number;
}

/** Converts all blocks; returns the power of the old base that a block stands for, in balanced digits of the new one. */
export function convertBlocks(engine: Engine, plan: ConvertPlan, { from, to, table }: Places): Int32Array {
  const { fromCount, toCount, blocks } = plan;
  const known = tableOf(plan);
  new Uint8Array(engine.buffer, table, known.bytes.length).set(known.bytes);
  const { exports } = engine;
  const spread = table + blockTableBytes(plan);
  const [fromBytes, toBytes] = [fromCount * DIGIT_BYTES, toCount * DIGIT_BYTES];
  for (let block = 0; block < blocks; block += GROUP) {
    exports.spread(from + block * fromBytes, fromBytes, fromCount, spread);
    exports.convertBlocks(
      spread,
      fromCount,
      table + BASE_BYTES,
      to + block * toBytes,
      toBytes,
      toCount / TILE,
      table,
    );
  }
  return known.power;
}

interface Table {
  readonly bytes: Uint8Array;
  readonly power: Int32Array;
}

// As many as there are block lengths for a few bases; a table has some 100 KB.
const MOST_TABLES = 12;
const tables = new Map<string, Table>();

function tableOf(plan: Blocks): Table {
  const { bases, fromCount, toCount } = plan;
  const key = `${bases.from} ${bases.to} ${fromCount} ${toCount}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  if (tables.size >= MOST_TABLES) tables.clear();
  const table = makeTable(plan);
  tables.set(key, table);
  return table;
}

function makeTable(plan: Blocks): Table {
  const { bases, fromCount, toCount } = plan;
  const buffer = new ArrayBuffer(blockTableBytes(plan));
  new Float64Array(buffer, 0, 3).set([bases.to, 1 / bases.to, ROUNDING]);
  const digits = new Float64Array(toCount);
  digits[0] = 1;
  const powers: Float64Array[] = [];
  for (; powers.length < fromCount; timesSmall(digits, bases)) powers.push(digits.slice());
  let address = BASE_BYTES;
  for (let tile = 0; tile < toCount; tile += TILE) {
    const reaches = powers.findIndex((power) => power.subarray(tile).some((digit) => digit !== 0));
    const first = reaches < 0 ? fromCount - 1 : reaches;
    new Int32Array(buffer, address, 1)[0] = first;
    const values = new Float64Array(buffer, address + HEAD_BYTES, (fromCount - first) * TILE);
    for (let i = first; i < fromCount; i++) {
      values.set(powers[i]?.subarray(tile, tile + TILE) ?? [], (i - first) * TILE);
    }
    address += HEAD_BYTES + values.byteLength;
  }
  return { bytes: new Uint8Array(buffer), power: balanced(digits, bases.to) };
}

function balanced(digits: Float64Array, base: number): Int32Array {
  let carry = 0;
  return Int32Array.from(digits, (digit) => {
    const value = digit + carry;
    carry = 2 * value > base ? 1 : 0;
    return value - carry * base;
  });
}
