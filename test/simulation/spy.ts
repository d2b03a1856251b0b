// Tells the judge what the pool hands to its threads, and what the functions there ask of it: at the moment of it, in the
// midst of what the pool does.
import { decodeArguments } from '../../src/compute/evaluate.ts';
import type { Asked, AskOutcome, Dispatcher, Task } from '../../src/dispatch/dispatcher.ts';
import { PoolError } from '../../src/errors.ts';
import type { MemoPool } from '../../src/pool.ts';
import type { Judge } from './judge.ts';
import type { Ask, Call, Facts, Flight, Lookup, Target } from './model.ts';
import { makeTarget, nOf } from './targets.ts';
import { signatureOf } from './verdict.ts';

export interface SpyOptions extends Facts {
  readonly judge: Judge;
  readonly pool: Pick<MemoPool, 'cacheInfo'>;
  say(line: string): void;
}

/** Makes `dispatcher` tell of the tasks that it is given. */
export function spyOn(dispatcher: Dispatcher, options: SpyOptions): void {
  const { judge } = options;
  const submit = dispatcher.submit.bind(dispatcher);
  dispatcher.submit = (task) => {
    const ticket = submit(task);
    const flight = judge.onSubmit(targetOf(task, options), task.isNested);
    watch(task, flight, options);
    const cancel = ticket.cancel.bind(ticket);
    ticket.cancel = () => {
      judge.onOver(flight);
      cancel();
    };
    return ticket;
  };
}

function watch(task: Task, flight: Flight, options: SpyOptions): void {
  const ask = task.ask.bind(task);
  const onDone = task.onDone.bind(task);
  task.onDone = (outcome) => {
    options.judge.onDone(flight, outcome);
    onDone(outcome);
  };
  task.ask = (asked, reply) => onAsk(options, { flight, asked, reply, ask });
}

interface Asking {
  readonly flight: Flight;
  readonly asked: Asked;
  readonly ask: Task['ask'];
  reply(outcome: AskOutcome): void;
}

function onAsk(options: SpyOptions, { flight, asked, reply, ask }: Asking): void {
  const { judge, pool, fail, count, say } = options;
  const target = targetOf({ ...asked, form: undefined }, options);
  const underWay = judge.underWay(target.key);
  const isCircle = underWay !== undefined && leadsTo(underWay, flight);
  if (flight.isOver) fail(`${flight.target.key} has ended and calls ${target.key}`);
  // It may be told of what it joins at once, where that can never end.
  let link = underWay === undefined || isCircle ? undefined : linkOf(flight, underWay);
  let isTold = false;
  let isRetold = false;
  let isAsking = true;
  let refusal: unknown;
  const before = pool.cacheInfo();
  ask(asked, (outcome) => {
    if (isTold) fail(`the call of ${target.key} is answered twice`);
    isTold = true;
    isRetold = isAsking && isDeathToldBefore(flight, outcome);
    if (isRetold) unlink(link);
    else if (link !== undefined) onReply(options, { link, target, outcome });
    else if (!outcome.ok) refusal = outcome.error;
    reply(outcome);
  });
  isAsking = false;
  const lookup = lookupOf(before, pool.cacheInfo());
  say(`${flight.target.key} calls ${target.key}: ${lookup}`);
  count(`nested ${lookup}`);
  judge.onLookup(target, lookup);
  if (isRetold) {
    if (lookup !== 'join') fail(`${target.key}: what it came to is told again, and it is a ${lookup}`);
    return;
  }
  if ((lookup === 'join') !== (link !== undefined)) fail(`${target.key}: a ${lookup}, and a flight to join`);
  if (lookup === 'miss') {
    const begun = judge.underWay(target.key);
    if (begun !== undefined) link = linkOf(flight, begun);
  }
  const isEarly = isTold && (lookup === 'miss' || (lookup === 'join' && underWay?.isOver !== true));
  if (isEarly || (link === undefined && !isTold)) fail(`the call of ${target.key}: a ${lookup}`);
  const isRefused = refusal instanceof PoolError && refusal.code === 'ERR_CYCLE';
  if (isRefused) count('ERR_CYCLE');
  if (isRefused !== isCircle)
    fail(`${flight.target.key} calls ${target.key}: ${isCircle ? 'a' : 'no'} circle`);
  if (refusal === undefined) return;
  flight.told.add(signatureOf(refusal));
  if (!isRefused) judgeRefusal(options, target, refusal);
}

function linkOf(parent: Flight, child: Flight): Ask {
  const link = { parent, child };
  parent.asks.add(link);
  child.takers.add(link);
  return link;
}

function unlink(link: Ask | undefined): void {
  if (link === undefined) return;
  link.parent.asks.delete(link);
  link.child.takers.delete(link);
}

// To one that begins again, a call that has ended a thread is not computed again.
function isDeathToldBefore(flight: Flight, outcome: AskOutcome): boolean {
  if (outcome.ok || !(outcome.error instanceof PoolError)) return false;
  const isDeath = ['ERR_WORKER_ERROR', 'ERR_WORKER_EXIT', 'ERR_WORKER_MEMORY'].includes(outcome.error.code);
  return isDeath && flight.told.has(signatureOf(outcome.error));
}

interface Answered {
  readonly link: Ask;
  readonly target: Target;
  readonly outcome: AskOutcome;
}

function onReply(options: SpyOptions, { link, target, outcome }: Answered): void {
  const { fail, count } = options;
  const { parent, child } = link;
  if (!child.isOver) fail(`the call of ${target.key} is answered before it has ended`);
  if (parent.isOver) fail(`the call of ${target.key} is answered, and its caller has ended`);
  unlink(link);
  count(outcome.ok ? 'nested value' : 'nested error');
  if (outcome.ok) return;
  parent.told.add(signatureOf(outcome.error));
  judgeRefusal(options, target, outcome.error, child);
}

function judgeRefusal(options: SpyOptions, target: Target, error: unknown, flight?: Flight): void {
  const problem = options.judge.verdict.judgeError({ ...NOBODY, at: options.now, target, flight }, error);
  if (problem !== undefined) options.fail(`the call of ${target.key}: ${String(error)}, ${problem}`);
}

const NOBODY: Omit<Call, 'target' | 'at' | 'flight'> = {
  id: -1,
  signal: undefined,
  timeoutMs: undefined,
  deadlineMs: undefined,
  progressError: undefined,
  wasFull: false,
  isSettled: true,
  hasValue: false,
};

/** Whether `from` waits for `goal`, or is it. */
function leadsTo(from: Flight, goal: Flight): boolean {
  const seen = new Set([from]);
  for (const flight of seen) {
    if (flight === goal) return true;
    for (const { child } of flight.asks) seen.add(child);
  }
  return false;
}

function lookupOf(before: ReturnType<MemoPool['cacheInfo']>, after: typeof before): Lookup {
  if (after.hits > before.hits) return 'hit';
  if (after.joins > before.joins) return 'join';
  return after.misses > before.misses ? 'miss' : 'refused';
}

function targetOf({ name, args, form }: Pick<Task, 'name' | 'args' | 'form'>, { graph }: Facts): Target {
  const spec = graph.find((one) => one.name === name);
  const decoded = decodeArguments(args);
  return makeTarget({ spec, n: nOf(decoded), args: decoded, form });
}
