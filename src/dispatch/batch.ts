// Which calls travel together. A message costs some tens of microseconds whatever it carries, so calls that take less are
// sent by the hundred; and what is sent to one thread waits there, so a message holds little work.
import { bigintBytes } from '../values/weigh.ts';
import type { CallGroup } from '../wire.ts';
import type { Costs } from './cost.ts';
import type { Job } from './job.ts';

export interface Batch {
  readonly jobs: readonly Job[];
  /** What they cost together, in milliseconds; undefined for a call whose cost is not known, which travels alone. */
  readonly ms: number | undefined;
}

/** What batches are taken from: the queue, or those of its calls that suit a slot. */
export interface Source {
  /** The call that comes next. */
  readonly first: Job | undefined;
  /** Takes that call out. */
  shift(): Job | undefined;
}

/** Milliseconds of work in a message, at the most, when there is more than one call in it. */
export const MOST_MS = 2;
// Less than this is not worth a message of its own while more is waiting.
const LEAST_MS = 0.1;
// Half of what may be sent to a thread, because two messages may be under way; and bounds what a death sends back.
const MOST_CALLS = 1000;
// Cloning stops the main thread: a message of many large arguments would do so for long.
const MOST_BYTES = 1_000_000;
// Calls that make calls are begun a few at a time: each waits half done for what it has made, which comes first from then on.
const MOST_OPENING = 8;

/**
 * Takes calls from the front of the queue, or of what suits a slot.
 *
 * @param share how many would be a fair part of the queue for one thread
 */
export function takeBatch(queue: Source, costs: Costs, share: number): Batch {
  const jobs: Job[] = [];
  let ms = 0;
  let bytes = 0;
  let opening = 0;
  for (let next = queue.first; next !== undefined && jobs.length < MOST_CALLS; next = queue.first) {
    if (jobs.length >= share && ms >= LEAST_MS) break;
    next.cost ??= costs.of(next.task);
    const cost = next.cost?.ms;
    const isApart = cost === undefined || ms + cost > MOST_MS || bytes > MOST_BYTES;
    if (isApart && jobs.length > 0) break;
    if (next.cost?.opens && ++opening > MOST_OPENING) break;
    queue.shift();
    jobs.push(next);
    if (isApart) return { jobs, ms: cost };
    ms += cost;
    bytes += heavyBytes(next.task.args);
  }
  return { jobs, ms };
}

function heavyBytes(args: readonly unknown[] | Uint8Array): number {
  if (args instanceof Uint8Array) return args.byteLength;
  let bytes = 8 * args.length;
  for (const arg of args) {
    if (typeof arg === 'string') bytes += arg.length;
    else if (typeof arg === 'bigint' && BigInt.asIntN(64, arg) !== arg) bytes += bigintBytes(arg);
  }
  return bytes;
}

/** Calls as they go over the wire: those of one function in a row are one group. */
export function packCalls(jobs: readonly Job[]): CallGroup[] {
  const groups: [...Head, items: unknown[], parts?: number][] = [];
  for (const { task } of jobs) {
    const { name, form, args, parts } = task;
    // An object among the arguments has made bytes of all of them.
    const arity = args instanceof Uint8Array ? 0 : args.length;
    let group = groups.at(-1);
    const isSame =
      group?.[0] === name && group[1] === form && group[2] === arity && (group[4] ?? 0) === parts;
    if (group === undefined || !isSame) {
      group = parts === 0 ? [name, form, arity, []] : [name, form, arity, [], parts];
      groups.push(group);
    }
    if (args instanceof Uint8Array || arity === 0) group[3].push(args);
    else for (const arg of args) group[3].push(arg);
  }
  return groups;
}

type Head = [name: CallGroup[0], form: CallGroup[1], arity: CallGroup[2]];
