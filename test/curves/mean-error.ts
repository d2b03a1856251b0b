// How far a sampled miss-ratio curve is from the exact one, on a generated workload.
import { DistanceSampler } from '../../src/curves/distance-sampler.ts';
import { parsePattern, ranksOf } from '../../src/curves/patterns.ts';

export interface Sampling {
  readonly mostKeys: number;
  readonly mostSize: number;
  /** Added to each key: the same workload, another sample. */
  readonly salt?: number;
}

/** The mean absolute difference of the miss ratios at 1,000 sizes, evenly spread up to `mostSize`. */
export function meanError(pattern: string, { mostKeys, mostSize, salt = 0 }: Sampling): number {
  const exact = new DistanceSampler({ mostKeys: 1e7 });
  const sampled = new DistanceSampler({ mostKeys });
  for (const rank of ranksOf(parsePattern(pattern), 1)) {
    exact.reference(rank, 1);
    sampled.reference(rank + salt, 1);
  }
  if (!exact.isExact || sampled.isExact) throw new Error('Expected an exact curve and a sampled one');
  const [curve, other] = [exact.curve(), sampled.curve()];
  const sizes = Array.from({ length: 1000 }, (_, i) => Math.round(((i + 1) * mostSize) / 1000));
  return sizes.reduce((sum, size) => sum + Math.abs(curve.at(size) - other.at(size)), 0) / sizes.length;
}
