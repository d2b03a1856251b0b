// The built-in functions, by the names that callers use. A worker that computes one of them loads its file and no other.
import type * as all from './all.ts';

type Load<K extends keyof typeof all> = () => Promise<Pick<typeof all, K>>;

export const ackermann: Load<'ackermann'> = () => import('./ackermann.ts');
export const bell: Load<'bell'> = () => import('./bell.ts');
export const binomial: Load<'binomial'> = () => import('./binomial.ts');
export const catalan: Load<'catalan'> = () => import('./catalan.ts');
export const editDistance: Load<'editDistance'> = () => import('./edit-distance.ts');
export const factorial: Load<'factorial'> = () => import('./factorial.ts');
export const fibonacci: Load<'fibonacci'> = () => import('./fibonacci.ts');
export const fibonacciMod: Load<'fibonacciMod'> = () => import('./fibonacci-mod.ts');
export const knapsack: Load<'knapsack'> = () => import('./knapsack.ts');
export const lcs: Load<'lcs'> = () => import('./lcs.ts');
export const linearRecurrence: Load<'linearRecurrence'> = () => import('./linear-recurrence.ts');
export const lucas: Load<'lucas'> = () => import('./lucas.ts');
export const partitions: Load<'partitions'> = () => import('./partitions.ts');
export const stirling2: Load<'stirling2'> = () => import('./stirling2.ts');
