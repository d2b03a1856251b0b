// Partition numbers by all workers of a pool: their residues, in parts.
import { type Parallel, parallelAs } from '../../../src/compute/parallel.ts';
import { domains } from '../domains.ts';
import { partitions as alone, isByResidues, SHARED, shareLast } from '../partitions.ts';
import { type Divided, divided, turned } from './divided.ts';
import {
  base,
  combine,
  cost,
  type PartitionPart,
  partitionCall,
  type Residues,
  split,
} from './partition-parts.ts';

/** The last `count` of p(0), ..., p(n) modulo some of the moduli. */
export const residues: Parallel<PartitionPart, Residues> = parallelAs('partitions/residues', {
  split,
  base,
  combine,
  cost,
});

export const partitions: Divided<typeof alone.wrapped> = divided(alone, domains.partitions, (n) => {
  const total = Number(n);
  if (!isByResidues(total)) return undefined;
  const start = performance.now();
  return turned(residues(...partitionCall(total, SHARED)), ({ values }) => {
    shareLast(n, values, performance.now() - start);
    return values.at(-1) ?? 0n;
  });
});
