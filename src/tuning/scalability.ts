// The Universal Scalability Law (N. J. Gunther, Guerrilla Capacity Planning, 2007), fitted to throughputs that were
// measured: X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
//
// With a = 1 / lambda, b = sigma / lambda and c = kappa / lambda the time that a worker takes for a call, N / X(N), is
// a + b (N - 1) + c N (N - 1): linear, so a linear fit is a good start. What is minimised from there on, by Gauss and
// Newton's steps, is the sum of squares of ln(measured / fitted), because noise of throughput grows with throughput: 3 %
// at one worker weigh what 3 % at sixty-four do.
//
// That sum is convex in (a, b, c) wherever the fit is less than e times off, so that under the bounds 0 <= sigma <= 1 and
// kappa >= 0 its least value is the least among those of the faces: each bound is kept as an equation, or is no matter.
import { listOf, showCount, showRate } from './figures.ts';
import { leastSquares } from './least-squares.ts';
import type { ScalabilityFit } from './result.ts';

/** Calls a second at a count of workers: a median of runs, or one run. */
export interface ThroughputPoint {
  readonly workers: number;
  readonly throughput: number;
}

/** The law itself, without what was found out about how well it fits. */
export interface ScalabilityLaw {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

const LEAST_COUNTS = 4;
const LEAST_R2 = 0.9;
// Throughputs that differ by less are one: what is left is rounding, of which R^2 would tell anything.
const SAME = 1e-9;
// No peak is told where coherency takes less than a thousandth of the throughput at the largest count: runs are not
// that even, and the square root would make a number like 300 of nothing.
const LEAST_COHERENCY = 0.001;

/** Calls a second at `workers`, by the law. */
export function throughputAt({ lambda, sigma, kappa }: ScalabilityLaw, workers: number): number {
  return (lambda * workers) / (1 + sigma * (workers - 1) + kappa * workers * (workers - 1));
}

/**
 * Fits the law, or refuses to: below four different counts; where R^2, of the throughputs themselves, is below 0.9; and
 * where all throughputs are the same. `peak` is at least 1; it is of low confidence above the least of `cpus` and the
 * largest count measured. Give one point a count, its median, for R^2 to tell of the law and not of single runs.
 * @param cpus that the process may use
 */
export function fitScalability(points: readonly ThroughputPoint[], cpus: number): ScalabilityFit {
  const counts = [...new Set(points.map(({ workers }) => workers))].sort((a, b) => a - b);
  const problem = problemOf(points, counts);
  if (problem !== undefined) return refuse(problem);
  const { least, most, spread } = rangeOf(points);
  const between = `between ${counts[0]} and ${counts.at(-1)} workers`;
  if (spread < SAME)
    return refuse(`The throughput is the same ${between}: there is nothing to fit a law to.`);
  const law = bestLaw(points);
  const r2 = law === undefined ? 0 : determination(points, law);
  if (law === undefined || !(r2 >= LEAST_R2)) {
    return refuse(
      `The law of scalability does not follow the throughputs ${between}, which go from ${showRate(least)} to ` +
        `${showRate(most)} calls a second: R² is ${roundDown(r2)}, and has to be ${LEAST_R2}${sharing(counts, cpus)}.`,
    );
  }
  const last = counts.at(-1) ?? 1;
  const peak = peakOf(law, last);
  return { kind: 'fit', ...law, r2, peak, isLowConfidence: peak !== null && peak > Math.min(cpus, last) };
}

// Rounded to the nearest, 0.897 would be the 0.9 that it is short of.
function roundDown(r2: number): string {
  return (Math.floor(100 * r2) / 100).toFixed(2);
}

// The law bends slowly; where CPUs are out, throughput stops at once.
function sharing(counts: readonly number[], cpus: number): string {
  const beyond = counts.filter((workers) => workers > cpus);
  if (beyond.length === 0) return '';
  return `; ${listOf(beyond)} workers had ${showCount(cpus, 'CPU')}, which the law does not know of`;
}

function rangeOf(points: readonly ThroughputPoint[]): { least: number; most: number; spread: number } {
  const throughputs = points.map(({ throughput }) => throughput);
  const [least, most] = [Math.min(...throughputs), Math.max(...throughputs)];
  return { least, most, spread: most / least - 1 };
}

function problemOf(points: readonly ThroughputPoint[], counts: readonly number[]): string | undefined {
  const wrong = points.find(
    ({ workers, throughput }) =>
      !(Number.isSafeInteger(workers) && workers >= 1 && throughput > 0 && Number.isFinite(throughput)),
  );
  if (wrong !== undefined) {
    return `A throughput of ${wrong.throughput} calls a second at ${wrong.workers} workers cannot be fitted.`;
  }
  if (counts.length >= LEAST_COUNTS) return undefined;
  const measured =
    counts.length === 0
      ? 'none was measured'
      : `only ${listOf(counts)} ${counts.length === 1 ? 'was' : 'were'} measured`;
  return `The law of scalability needs ${LEAST_COUNTS} different counts of workers, and ${measured}.`;
}

function refuse(reason: string): ScalabilityFit {
  return { kind: 'refused', reason };
}

type Row = readonly number[];

/** A face of the bounds: how a point's row looks in the parameters left, and what they are as (a, b, c). */
interface Face {
  row(u: number, v: number): Row;
  whole(parameters: Row): readonly [a: number, b: number, c: number];
}

// sigma is free, 0 or 1 (b = a); kappa is free or 0.
const FACES: readonly Face[] = [
  { row: (u, v) => [1, u, v], whole: ([a = 0, b = 0, c = 0]) => [a, b, c] },
  { row: (_, v) => [1, v], whole: ([a = 0, c = 0]) => [a, 0, c] },
  { row: (u, v) => [1 + u, v], whole: ([a = 0, c = 0]) => [a, a, c] },
  { row: (u) => [1, u], whole: ([a = 0, b = 0]) => [a, b, 0] },
  { row: () => [1], whole: ([a = 0]) => [a, 0, 0] },
  { row: (u) => [1 + u], whole: ([a = 0]) => [a, a, 0] },
];

function bestLaw(points: readonly ThroughputPoint[]): ScalabilityLaw | undefined {
  // In units of the first point's time, for the steps to meet numbers near 1.
  const [first] = points;
  if (first === undefined) return undefined;
  const unit = first.workers / first.throughput;
  const times = points.map(({ workers, throughput }) => workers / throughput / unit);
  let best: { readonly law: ScalabilityLaw; readonly error: number } | undefined;
  for (const face of FACES) {
    const rows = points.map(({ workers }) => face.row(workers - 1, workers * (workers - 1)));
    const found = fitLogarithms(rows, times);
    if (found === undefined) continue;
    const [a, b, c] = face.whole(found.parameters);
    if (!(a > 0 && b >= 0 && b <= a && c >= 0)) continue;
    if (best !== undefined && best.error <= found.error) continue;
    best = { law: { lambda: 1 / (a * unit), sigma: b / a, kappa: c / a }, error: found.error };
  }
  return best?.law;
}

interface Found {
  readonly parameters: Row;
  /** The sum of squares of ln(measured / fitted). */
  readonly error: number;
}

const MOST_STEPS = 50;
const MOST_HALVINGS = 30;
// Of the parameters: below it a step changes nothing that anybody sees.
const LEAST_STEP = 1e-13;

function fitLogarithms(rows: readonly Row[], times: readonly number[]): Found | undefined {
  const start = leastSquares(
    rows.map((row, i) => row.map((x) => x / (times[i] ?? 1))),
    times.map(() => 1),
  );
  if (start === undefined) return undefined;
  let found: Found = { parameters: start, error: errorOf(rows, times, start) };
  if (!Number.isFinite(found.error)) return undefined;
  for (let i = 0; i < MOST_STEPS; i++) {
    const better = stepFrom(found, rows, times);
    if (better === undefined) break;
    const largest = Math.max(...better.parameters.map(Math.abs));
    const moved = Math.max(...better.parameters.map((p, k) => Math.abs(p - (found.parameters[k] ?? 0))));
    found = better;
    if (moved <= LEAST_STEP * largest) break;
  }
  return found;
}

// Gauss and Newton's step, halved until it makes the error smaller; undefined when none does: this is the least.
function stepFrom(from: Found, rows: readonly Row[], times: readonly number[]): Found | undefined {
  const fitted = rows.map((row) => dot(row, from.parameters));
  const step = leastSquares(
    rows.map((row, i) => row.map((x) => x / (fitted[i] ?? 1))),
    times.map((time, i) => Math.log(time / (fitted[i] ?? 1))),
  );
  if (step === undefined) return undefined;
  for (let i = 0, part = 1; i < MOST_HALVINGS; i++, part /= 2) {
    const parameters = from.parameters.map((p, k) => p + part * (step[k] ?? 0));
    const error = errorOf(rows, times, parameters);
    if (error < from.error) return { parameters, error };
  }
  return undefined;
}

// Infinite where a time that is not positive is fitted.
function errorOf(rows: readonly Row[], times: readonly number[], parameters: Row): number {
  let sum = 0;
  for (const [i, row] of rows.entries()) {
    const fitted = dot(row, parameters);
    if (!(fitted > 0)) return Infinity;
    sum += Math.log((times[i] ?? 1) / fitted) ** 2;
  }
  return sum;
}

function dot(row: Row, parameters: Row): number {
  return row.reduce((sum, x, k) => sum + x * (parameters[k] ?? 0), 0);
}

function determination(points: readonly ThroughputPoint[], law: ScalabilityLaw): number {
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  let [unexplained, all] = [0, 0];
  for (const { workers, throughput } of points) {
    unexplained += (throughput - throughputAt(law, workers)) ** 2;
    all += (throughput - mean) ** 2;
  }
  return 1 - unexplained / all;
}

function peakOf({ sigma, kappa }: ScalabilityLaw, most: number): number | null {
  const divisor = 1 + sigma * (most - 1) + kappa * most * (most - 1);
  if (kappa * most * (most - 1) < LEAST_COHERENCY * divisor) return null;
  return Math.max(1, Math.sqrt((1 - sigma) / kappa));
}
