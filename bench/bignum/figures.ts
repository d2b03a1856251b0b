// The figures of F(n): every contestant in turn, and their answers compared before any time is shown.
import { join } from 'node:path';
import { inTurn } from '../harness/rounds.ts';
import { Contestant, commandOf, type Maker, type Outcome } from './contestant.ts';
import { planOf } from './settings.ts';
import type { Form } from './targets.ts';

export interface Figure extends Outcome {
  /** The median of the warm runs. */
  readonly ms: number;
}

/** All that was measured of one number in one form. */
export interface Figures {
  readonly n: number;
  readonly form: Form;
  readonly by: ReadonlyMap<Maker, Figure>;
}

interface Place {
  /** For the answers. */
  readonly folder: string;
  /** GMP's compiled driver. */
  readonly gmp: string | undefined;
}

const MAKERS: readonly Maker[] = ['gmp', 'v8', 'one worker', 'two workers'];

/** @throws Error when two contestants came to different answers */
export async function measure(
  n: number,
  forms: readonly Form[],
  { folder, gmp }: Place,
): Promise<readonly Figures[]> {
  const plan = planOf(n);
  const contestants = forms.flatMap((form) =>
    MAKERS.flatMap((maker) => {
      const command = commandOf(maker, { n, form, gmp });
      return command === undefined ? [] : [new Contestant(maker, form, { command, turn: plan })];
    }),
  );
  const figures = new Map<Contestant, Figure>();
  try {
    for (const group of plan.isApart ? contestants.map((one) => [one]) : [contestants]) {
      const samples = await inTurn(
        plan.rounds,
        Object.fromEntries(group.map((one) => [nameOf(one), () => one.measure()])),
      );
      for (const one of group) {
        const outcome = await one.finish(join(folder, 'answer'));
        figures.set(one, { ...outcome, ms: samples.median(nameOf(one)) });
      }
    }
  } finally {
    await Promise.all(contestants.map((one) => one.end()));
  }
  return forms.map((form) => {
    const by = new Map(
      [...figures].flatMap(([one, figure]) => (one.form === form ? [[one.maker, figure]] : [])),
    );
    const all: Figures = { n, form, by };
    refuseDifferent(all);
    return all;
  });
}

/** @throws Error when the answers are not all the same */
export function refuseDifferent({ n, form, by }: Figures): void {
  if (new Set([...by.values()].map(({ answerHash }) => answerHash)).size <= 1) return;
  const answers = [...by].map(([maker, { answerHash }]) => `${maker}: ${answerHash}`);
  throw new Error(`F(${n}), ${form}: the answers are not the same:\n${answers.join('\n')}`);
}

function nameOf({ maker, form }: Contestant): string {
  return `${maker}, ${form}`;
}
