// The built-in functions, by the names that callers use. A worker that computes one of them loads its file and no other.
import type * as all from './all.ts';

type Load<K extends keyof typeof all> = () => Promise<Pick<typeof all, K>>;
type LoadPart = () => Promise<object>;

export const ackermann: Load<'ackermann'> = () => import('./ackermann.ts');
export const bell: Load<'bell'> = () => import('./bell.ts');
export const binomial: Load<'binomial'> = () => import('./parallel/binomial.ts');
export const catalan: Load<'catalan'> = () => import('./catalan.ts');
export const editDistance: Load<'editDistance'> = () => import('./parallel/edit-distance.ts');
export const factorial: Load<'factorial'> = () => import('./parallel/factorial.ts');
export const fibonacci: Load<'fibonacci'> = () => import('./fibonacci.ts');
export const fibonacciMod: Load<'fibonacciMod'> = () => import('./fibonacci-mod.ts');
export const fromDecimal: Load<'fromDecimal'> = () => import('./bigint.ts');
export const knapsack: Load<'knapsack'> = () => import('./knapsack.ts');
export const lcs: Load<'lcs'> = () => import('./parallel/lcs.ts');
export const linearRecurrence: Load<'linearRecurrence'> = () => import('./linear-recurrence.ts');
export const lucas: Load<'lucas'> = () => import('./lucas.ts');
export const multiply: Load<'multiply'> = () => import('./bigint.ts');
export const partitions: Load<'partitions'> = () => import('./parallel/partitions.ts');
export const power: Load<'power'> = () => import('./bigint.ts');
export const square: Load<'square'> = () => import('./bigint.ts');
export const stirling2: Load<'stirling2'> = () => import('./stirling2.ts');
export const toDecimal: Load<'toDecimal'> = () => import('./bigint.ts');

// What calls of some of them are divided into; no list of names shows these.
const binomialPrimes: LoadPart = async () => ({
  'binomial/primes': (await import('./parallel/binomial.ts')).primes,
});
const binomialSlice: LoadPart = async () => ({
  'binomial/slice': (await import('./parallel/binomial.ts')).primesSlice,
});
const editDistanceBlock: LoadPart = async () => ({
  'editDistance/block': (await import('./parallel/edit-distance.ts')).block,
});
const factorialPrimes: LoadPart = async () => ({
  'factorial/primes': (await import('./parallel/factorial.ts')).primes,
});
const factorialSlice: LoadPart = async () => ({
  'factorial/slice': (await import('./parallel/factorial.ts')).oddSlice,
});
const lcsBlock: LoadPart = async () => ({ 'lcs/block': (await import('./parallel/lcs.ts')).block });
const lcsWhole: LoadPart = async () => ({ 'lcs/whole': (await import('./parallel/lcs.ts')).whole });
const partitionsResidues: LoadPart = async () => ({
  'partitions/residues': (await import('./parallel/partitions.ts')).residues,
});

export {
  binomialPrimes as 'binomial/primes',
  binomialSlice as 'binomial/slice',
  editDistanceBlock as 'editDistance/block',
  factorialPrimes as 'factorial/primes',
  factorialSlice as 'factorial/slice',
  lcsBlock as 'lcs/block',
  lcsWhole as 'lcs/whole',
  partitionsResidues as 'partitions/residues',
};
