// What we want of big numbers on two threads: how many times faster than GMP in the same run, and in how much memory.

/** `'value'`: the bigint in hand. `'decimal'`: the string in hand. */
export type Form = 'value' | 'decimal';

export const FORMS: readonly Form[] = ['value', 'decimal'];

/** GMP's time by ours: the least that will do, and what is aimed at. */
export interface Target {
  readonly must: number;
  readonly aim: number;
}

// Below 10^6 a native library cannot be beaten: a call to a worker costs more than the sum.
const RATIOS: Readonly<Record<Form, ReadonlyMap<number, Target>>> = {
  value: new Map([
    [1e6, { must: 2, aim: 3.5 }],
    [1e7, { must: 4, aim: 6.5 }],
    [1e8, { must: 6, aim: 10 }],
    [1e9, { must: 4.5, aim: 7.5 }],
  ]),
  decimal: new Map([
    [1e6, { must: 8, aim: 12 }],
    [1e7, { must: 22, aim: 35 }],
    [1e8, { must: 38, aim: 65 }],
    [1e9, { must: 32, aim: 50 }],
  ]),
};

const MOST_MB: ReadonlyMap<number, number> = new Map([
  [1e7, 120],
  [1e8, 400],
  [1e9, 3000],
]);

export function targetOf(n: number, form: Form): Target | undefined {
  return RATIOS[form].get(n);
}

export function mostMbOf(n: number): number | undefined {
  return MOST_MB.get(n);
}
