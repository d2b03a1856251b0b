// Contestants measured in turn, so that what else the machine does falls on all of them alike.
import { median } from './median.ts';

/** Runs once and answers with what it measured: one sample or many. */
export type Contestant = () => number | readonly number[] | Promise<number | readonly number[]>;

/** The samples of each contestant, by name. */
export class Samples {
  readonly #byName = new Map<string, number[]>();

  add(name: string, samples: number | readonly number[]): void {
    const all = this.#byName.get(name) ?? [];
    if (typeof samples === 'number') all.push(samples);
    else for (const sample of samples) all.push(sample);
    this.#byName.set(name, all);
  }

  of(name: string): readonly number[] {
    const samples = this.#byName.get(name);
    if (samples === undefined) throw new Error(`expected samples of ${name}, got none`);
    return samples;
  }

  median(name: string): number {
    return median(this.of(name));
  }
}

/**
 * Measures every contestant once a round, after a round that does not count. Each round begins with another
 * contestant, so that none always follows the same one.
 */
export async function inTurn(
  rounds: number,
  contestants: Readonly<Record<string, Contestant>>,
): Promise<Samples> {
  const samples = new Samples();
  const entries = Object.entries(contestants);
  for (let round = -1; round < rounds; round++) {
    const first = Math.max(round, 0) % entries.length;
    for (const [name, contestant] of [...entries.slice(first), ...entries.slice(0, first)]) {
      // What earlier contestants left behind is collected on nobody's time.
      globalThis.gc?.();
      const measured = await contestant();
      if (round >= 0) samples.add(name, measured);
    }
  }
  return samples;
}
