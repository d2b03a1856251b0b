// How long does a big result keep the main thread busy, which blocks all else? A bigint of 1, 10 and 100 MB made in a worker, beside one
// v8.deserialize of the same bytes, which is the least that delivering it as a bigint can cost, and beside piscina.
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { createPool } from 'memopool';
import { Piscina } from 'piscina';
import { busyWhile } from './harness/busy.ts';
import { report } from './harness/report.ts';
import { type Contestant, inTurn } from './harness/rounds.ts';
import type { Goal, Measured } from './harness/row.ts';
import { large } from './modules/work.mjs';

const ROUNDS = 9;
const MEGABYTES = [1, 10, 100];
const MB = 1_000_000;
const OURS = 'memopool';
const OURS_AS_BYTES = "memopool, as: 'bytes'";
const OURS_AS_HANDLE = "memopool, as: 'handle'";
const SMALL = 'memopool, a small result';
const PISCINA = 'piscina';
const DESERIALIZE = 'one v8.deserialize';

// No result that is kept, so that each is delivered anew and memory stays small.
const pool = createPool<typeof import('./modules/work.mjs')>({
  workers: 1,
  maxsize: 0,
  functions: new URL('./modules/work.mjs', import.meta.url),
});
const piscina = new Piscina({
  filename: fileURLToPath(new URL('./peers/piscina.mjs', import.meta.url)),
  minThreads: 1,
  maxThreads: 1,
});

let tail = 1;

/** Milliseconds of the main thread's work. */
async function busyWithBigint(
  bytes: number,
  get: (tail: number) => bigint | Promise<bigint>,
): Promise<number> {
  const expected = tail++;
  const { ms, value } = await busyWhile(() => get(expected));
  const right = value >> BigInt(8 * bytes) === 1n && BigInt.asUintN(64, value) === BigInt(expected);
  if (!right) throw new Error(`a bigint of ${bytes} bytes is wrong`);
  return ms;
}

async function busyWithBytes(bytes: number): Promise<number> {
  const expected = tail++;
  const { ms, value } = await busyWhile(() => pool.run('large', [bytes, expected], { as: 'bytes' }));
  const low = new DataView(value.buffer, value.byteOffset).getBigUint64(0, true);
  if (low !== BigInt(expected) || value[bytes] !== 1) throw new Error(`${bytes} bytes are wrong`);
  return ms;
}

async function busyWithHandle(bytes: number): Promise<number> {
  const expected = tail++;
  const { ms, value } = await busyWhile(() => pool.run('large', [bytes, expected], { as: 'handle' }));
  if (value.bits !== 8 * bytes + 1) throw new Error(`a handle of ${bytes} bytes is wrong`);
  return ms;
}

/** Small results many times a round, since one is over before it can be measured well. */
function repeated(megabytes: number, measure: () => Promise<number>): Contestant {
  const times = Math.max(1, Math.floor(20 / megabytes));
  return async () => {
    const samples: number[] = [];
    for (let time = 0; time < times; time++) samples.push(await measure());
    return samples;
  };
}

async function compared(megabytes: number): Promise<Measured[]> {
  const bytes = megabytes * MB;
  const contestant = (get: (tail: number) => bigint | Promise<bigint>) =>
    repeated(megabytes, () => busyWithBigint(bytes, get));
  const samples = await inTurn(ROUNDS, {
    [OURS]: contestant((n) => pool.run('large', [bytes, n])),
    ...(megabytes === 100
      ? {
          [OURS_AS_BYTES]: () => busyWithBytes(bytes),
          [OURS_AS_HANDLE]: () => busyWithHandle(bytes),
          [SMALL]: () => busyWithHandle(100),
        }
      : {}),
    [PISCINA]: contestant((n) => piscina.run({ bytes, tail: n }, { name: 'large' })),
    [DESERIALIZE]: repeated(megabytes, () => {
      // Made anew each time, as another thread's bytes are: those read before would wait in the CPU's cache.
      const serialized = serialize(large(bytes, tail));
      return busyWithBigint(bytes, () => deserialize(serialized));
    }),
  });

  const row = (form: string, ours: number, peer: string, goal?: Goal): Measured => ({
    what: `main thread busy with ${megabytes} MB ${form}`,
    ours,
    peer,
    theirs: samples.median(peer),
    unit: 'ms',
    better: 'lower',
    ...(goal === undefined ? {} : { goal }),
  });
  // A call costs something whatever its result: what is asked is what the size adds.
  const beyondSmall = (name: string) => Math.max(0.001, samples.median(name) - samples.median(SMALL));
  return [
    // At most 1.2 times as long.
    row(
      'as a bigint',
      samples.median(OURS),
      DESERIALIZE,
      megabytes >= 10 ? { ratioAtLeast: 0.83 } : undefined,
    ),
    row('as a bigint', samples.median(OURS), PISCINA),
    ...(megabytes === 100
      ? [
          row("as: 'bytes', beyond a small result", beyondSmall(OURS_AS_BYTES), DESERIALIZE, {
            oursAtMost: 0.2,
          }),
          row("as: 'handle', beyond a small result", beyondSmall(OURS_AS_HANDLE), DESERIALIZE, {
            oursAtMost: 0.2,
          }),
        ]
      : []),
  ];
}

try {
  const measured: Measured[] = [];
  for (const megabytes of MEGABYTES) measured.push(...(await compared(megabytes)));
  report('big-results', measured);
} finally {
  await Promise.all([pool.close(), piscina.destroy()]);
}
