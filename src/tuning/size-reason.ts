// Why a maxsize was chosen, as one sentence with its numbers.
import type { Interval } from './result.ts';

export interface SizeChoice {
  readonly references: number;
  readonly needed: number | null;
  readonly missNs: number;
  /** The largest size worth having: the needed one, or what the byte budget holds. */
  readonly best: number;
  readonly bestNs: number;
  readonly budgetBytes: number | null;
  readonly chosen: number;
  readonly chosenNs: number;
  /** The chosen one's time over the best one's. */
  readonly ratio: Interval;
}

export function sizeReason(choice: SizeChoice): string {
  const { references, needed, missNs, best, bestNs, chosen, chosenNs, ratio } = choice;
  if (references === 0) {
    return `No call of the trace was answered or computed, so nothing speaks for another maxsize than ${showWhole(chosen)}.`;
  }
  if (needed === null) {
    return `Of ${showWhole(references)} ${references === 1 ? 'call' : 'calls'} none came again while its result could have been kept, so keeping results saves nothing.`;
  }
  if (best === 0)
    return `Not one entry fits into ${showBytes(choice.budgetBytes ?? 0)}, so nothing can be kept.`;
  const kept = chosen === 0 ? 'Without keeping anything' : `With ${showEntries(chosen)}`;
  if (missNs === 0) {
    return `The trace does not tell what a computation costs. ${kept}, ${endOf(choice)}.`;
  }
  const time = `${kept}, a call takes ${showNs(chosenNs)} on average`;
  if (chosen === best) {
    return `${time}, and ${endOf(choice)}; with fewer, calls could be more than 2 % slower.`;
  }
  const more = `${showPercent(ratio.low)} to ${showPercent(ratio.high)} more`;
  return `${time}, ${more} than the ${showNs(bestNs)} with ${showEntries(best)}, where ${endOf(choice)}.`;
}

// What more than the best would be good for.
function endOf({ best, needed, budgetBytes }: SizeChoice): string {
  if (best === needed || budgetBytes === null) return 'nothing is computed twice for lack of room';
  return `the budget of ${showBytes(budgetBytes)} is full (${showEntries(needed ?? 0)} would need no recomputation)`;
}

function showEntries(count: number): string {
  return count === 1 ? 'one entry' : `${showWhole(count)} entries`;
}

function showWhole(count: number): string {
  return count.toLocaleString('en-US');
}

function showPercent(ratio: number): string {
  return `${(100 * (ratio - 1)).toFixed(1)} %`;
}

function showNs(ns: number): string {
  if (ns < 1000) return `${three(ns)} ns`;
  if (ns < 1e6) return `${three(ns / 1e3)} µs`;
  return ns < 1e9 ? `${three(ns / 1e6)} ms` : `${three(ns / 1e9)} s`;
}

function showBytes(bytes: number): string {
  if (bytes < 2 ** 10) return `${three(bytes)} bytes`;
  if (bytes < 2 ** 20) return `${three(bytes / 2 ** 10)} KiB`;
  return bytes < 2 ** 30 ? `${three(bytes / 2 ** 20)} MiB` : `${three(bytes / 2 ** 30)} GiB`;
}

function three(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
