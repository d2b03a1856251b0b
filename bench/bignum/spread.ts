// Do all processes run equally fast? Fresh ones, one after the other, each with its own warm median: a process that falls
// into a slow way of running for its whole life shows here, and not in repeated runs of one.
import { join } from 'node:path';
import { median, quantile } from '../harness/median.ts';
import { Contestant, commandOf } from './contestant.ts';
import { planOf } from './settings.ts';
import type { Form } from './targets.ts';

const N = 1e7;
const MOST = 1.5;

export interface Spread {
  readonly least: number;
  readonly middle: number;
  readonly most: number;
  /** The most by the median. */
  readonly ratio: number;
}

/** The warm medians of so many processes with two workers. */
export async function warmMedians(
  processes: number,
  { form, folder }: { readonly form: Form; readonly folder: string },
): Promise<readonly number[]> {
  const command = commandOf('two workers', { n: N, form, gmp: undefined });
  const reference = commandOf('v8', { n: N, form, gmp: undefined });
  if (command === undefined || reference === undefined) throw new Error(`expected ways to F(${N})`);

  const expected = await medianOf(
    new Contestant('v8', form, { command: reference, turn: planOf(N) }),
    folder,
  );
  const medians: number[] = [];
  for (let i = 0; i < processes; i++) {
    const one = await medianOf(new Contestant('two workers', form, { command, turn: planOf(N) }), folder);
    if (one.answerHash !== expected.answerHash) throw new Error(`F(${N}), ${form}: a wrong answer`);
    medians.push(one.ms);
  }
  return medians;
}

export function spreadOf(medians: readonly number[]): Spread {
  const [least, middle, most] = [quantile(medians, 0), median(medians), quantile(medians, 1)];
  return { least, middle, most, ratio: most / middle };
}

export function spreadLine({ least, middle, most, ratio }: Spread): string {
  const [first, second, third] = [least, middle, most].map((ms) => ms.toFixed(1));
  const isKept = ratio <= MOST ? 'kept' : 'missed';
  return `least ${first}, median ${second}, most ${third} ms; most by median ${ratio.toFixed(2)} (at most ${MOST}: ${isKept})`;
}

async function medianOf(
  one: Contestant,
  folder: string,
): Promise<{ readonly ms: number; readonly answerHash: string }> {
  try {
    await one.measure(); // cold
    const ms = median(await one.measure());
    const { answerHash } = await one.finish(join(folder, 'answer'));
    return { ms, answerHash };
  } finally {
    await one.end();
  }
}
