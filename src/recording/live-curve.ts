// The curve of a running pool: the hit ratio at other sizes, from a sample of its calls (src/curves/).
import type { DistanceSampler } from '../curves/distance-sampler.ts';
import type { MissRatioCurve } from '../curves/miss-ratio-curve.ts';
import type { LiveCurve, LivePoint } from '../recording-types.ts';

const POINTS = 24;

/** @param maxsize the pool's own; null for no bound */
export function liveCurve(sampler: DistanceSampler, maxsize: number | null): LiveCurve {
  const { references, isExact, samplingRate } = sampler;
  const curve = sampler.curve();
  const distinct = references === 0 ? 0 : Math.round(references * curve.at(Number.POSITIVE_INFINITY));
  return Object.freeze({
    calls: references,
    distinct,
    isExact,
    samplingRate,
    points: Object.freeze(pointsOf(curve, Math.max(distinct, curve.needed ?? 0), maxsize)),
  });
}

function pointsOf(curve: MissRatioCurve, largest: number, maxsize: number | null): LivePoint[] {
  const sizes = new Set<number>();
  for (let place = 0; place < POINTS && largest > 0; place++) {
    sizes.add(Math.round(largest ** (place / (POINTS - 1))));
  }
  if (maxsize !== null) sizes.add(maxsize);
  return [...sizes]
    .sort((a, b) => a - b)
    .map((size) => Object.freeze({ maxsize: size, hitRatio: 1 - curve.at(size) }));
}
