// What each part of the result says, in words with numbers: captions of the page, and its text where no script runs. Pure.
import type {
  CountResult,
  Interval,
  MemoResult,
  SizesResult,
  Timeline,
  TuneResult,
  WorkersResult,
} from '../result.ts';
import {
  formatBytes,
  formatCount,
  formatMs,
  formatNs,
  formatNumber,
  formatPercent,
  plural,
} from './format.ts';

/** The interval in words, values written by `write`. */
export function sayInterval(interval: Interval, write: (value: number) => string): string {
  return `${write(interval.median)} (95 % interval ${write(interval.low)} to ${write(interval.high)})`;
}

export function chosenCount(workers: WorkersResult): CountResult | undefined {
  return workers.counts.find((count) => count.workers === workers.chosen);
}

/** The answer as one sentence. */
export function sayAnswer({ advice }: TuneResult): string {
  const workers = advice.workers === null ? null : plural(advice.workers, 'worker');
  const maxsize = advice.maxsize === null ? null : `maxsize ${formatCount(advice.maxsize)}`;
  const parts = [workers, maxsize].filter((part) => part !== null);
  return parts.length === 0 ? 'Nothing to recommend yet.' : `Use ${parts.join(' and ')}.`;
}

export function sayThroughput(workers: WorkersResult): string {
  const least = workers.counts[0];
  const chosen = chosenCount(workers) ?? least;
  if (least === undefined || chosen === undefined) return 'No count of workers was measured.';
  const calls = `${plural(chosen.workers, 'worker')} made ${sayInterval(chosen.throughput, formatNumber)} calls a second`;
  if (workers.counts.length === 1)
    return `${calls}, in ${plural(chosen.runs, 'run')}. No other count was measured.`;
  const ratio = chosen.throughput.median / least.throughput.median;
  const beside =
    chosen === least ? '' : `, ${formatNumber(ratio)} times what ${formatCount(least.workers)} made`;
  return `${calls}${beside}. ${sayFit(workers)}`;
}

export function sayFit({ fit }: WorkersResult): string {
  if (fit.kind === 'refused') return `No law is fitted: ${fit.reason}`;
  const peak = fit.peak === null ? 'it has no peak' : `it peaks at ${formatNumber(fit.peak)} workers`;
  const doubt = fit.isLowConfidence ? ', beyond the CPUs there were: low confidence' : '';
  const terms = `contention σ = ${formatPercent(fit.sigma)}, coherency κ = ${formatPercent(fit.kappa)}`;
  return `The fitted scalability law: ${terms}, R² = ${fit.r2.toFixed(3)}; ${peak}${doubt}.`;
}

export function sayEfficiency(workers: WorkersResult): string {
  const chosen = chosenCount(workers);
  const last = workers.counts.at(-1);
  if (chosen === undefined || last === undefined) return 'No count of workers was measured.';
  const first = `With ${plural(chosen.workers, 'worker')}, each does ${formatPercent(chosen.efficiency)} of what one does among ${formatCount(workers.counts[0]?.workers ?? 1)}`;
  return last === chosen
    ? `${first}.`
    : `${first}; with ${formatCount(last.workers)}, ${formatPercent(last.efficiency)}.`;
}

export function sayLatency(workers: WorkersResult): string {
  const chosen = chosenCount(workers);
  if (chosen === undefined) return 'No count of workers was measured.';
  return `With ${plural(chosen.workers, 'worker')} and ${plural(workers.concurrency, 'call')} under way at once, half the calls are answered within ${formatMs(chosen.p50Ms.median)}, 99 % within ${formatMs(chosen.p99Ms.median)}.`;
}

export function sayMissRatio(sizes: SizesResult): string {
  const at = sizes.points.find(({ maxsize }) => maxsize === sizes.chosen);
  const chosen =
    at === undefined
      ? `Chosen: maxsize ${formatCount(sizes.chosen)}.`
      : `At maxsize ${formatCount(sizes.chosen)}, ${formatPercent(at.missRatio)} of calls miss${at.optimalMissRatio === null ? '' : `; the best policy there can be would miss ${formatPercent(at.optimalMissRatio)}`}.`;
  const needed =
    sizes.needed === null
      ? 'No call came again, so no size answers any.'
      : `From ${formatCount(sizes.needed)} on, nothing is computed twice.`;
  const how = sizes.isExact
    ? `All ${plural(sizes.distinct, 'key')} were followed.`
    : `Up to ${formatCount(sizes.exactUpTo ?? 0)} all keys were followed, above that ${formatPercent(sizes.samplingRate)} of them, chosen by hash.`;
  return `${chosen} ${needed} ${how}`;
}

export function sayCost(sizes: SizesResult): string {
  const at = sizes.points.find(({ maxsize }) => maxsize === sizes.chosen);
  const measured = `A miss was measured to take ${formatNs(sizes.missNs)}, a hit ${formatNs(sizes.hitNs)}.`;
  if (at === undefined) return measured;
  const budget = sizes.budgetBytes === null ? '' : ` of the ${formatBytes(sizes.budgetBytes)} allowed`;
  return `At maxsize ${formatCount(sizes.chosen)}, a call is estimated to take ${sayInterval(at.costNs, formatNs)}, and the full cache weighs ${formatBytes(at.bytes)}${budget}. ${measured}`;
}

export function sayTimeline(timeline: Timeline): string {
  const busy = timeline.lanes.flatMap(({ spans }) => spans).filter(({ phase }) => phase === 'compute');
  const computed = busy.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const share = computed / Math.max(timeline.elapsedMs * timeline.workers, Number.MIN_VALUE);
  const shown = timeline.left === 0 ? '' : ` ${plural(timeline.left, 'call')} of the run are not shown.`;
  return `A run of ${formatMs(timeline.elapsedMs)} with ${plural(timeline.workers, 'worker')}: what is shown as computing is ${formatPercent(share)} of their time.${shown}`;
}

export function sayMemo(memo: MemoResult): string {
  const at = memo.callsAtNeeded === null ? '' : `: ${formatCount(memo.callsAtNeeded)} computations there`;
  const below =
    memo.callsBelow === null
      ? ''
      : `, ${memo.isBelowCut ? 'more than ' : ''}${formatCount(memo.callsBelow)} with one less`;
  return `${memo.call} needs maxsize ${formatCount(memo.needed)}${at}${below}.`;
}
