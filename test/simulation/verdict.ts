// The oracle of errors: for each that a caller gets, whether something has happened that allows it.
import { AbortError, PoolError } from '../../src/errors.ts';
import type { Course } from './faults.ts';
import { isBigintKind } from './functions.ts';
import type { Attempt, Call, Death, Facts, Flight } from './model.ts';

// Beside its time limit a call may wait this long for its thread to start and import.
const LONGEST_START_MS = 15_000;

export class Verdict {
  readonly attempts: Attempt[] = [];
  readonly deaths: Death[] = [];
  /** Who has paid for each death. */
  readonly #killed = new Map<number, Flight | undefined>();
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The caller leaves, and its flight goes on. */
  isOwn({ progressError }: Call, error: unknown): boolean {
    if (error instanceof AbortError) return true;
    if (error instanceof PoolError && ['ERR_TIMEOUT', 'ERR_DEADLINE'].includes(error.code)) return true;
    return progressError !== undefined && error === progressError;
  }

  /** What is wrong with an error of a caller that leaves. */
  judgeLeaving(call: Call, error: unknown): string | undefined {
    if (error instanceof AbortError) {
      if (call.signal?.aborted !== true) return 'nobody aborted it';
      return error.cause === call.signal.reason ? undefined : 'for another reason';
    }
    if (!(error instanceof PoolError)) return undefined;
    if (error.code === 'ERR_DEADLINE') {
      const isLate = call.at + (call.deadlineMs ?? Infinity) <= this.#facts.now + 1e-6;
      return isLate ? undefined : 'too early';
    }
    const { timeoutMs } = call;
    if (timeoutMs === undefined) return 'it has no time limit';
    const limit = this.#facts.now - timeoutMs + 1e-6;
    if (call.at > limit) return 'too early';
    const hasRun = this.attemptsOf(call).some(({ beganAt }) => beganAt <= limit);
    return hasRun || call.at + LONGEST_START_MS <= limit ? undefined : 'it did not run for so long';
  }

  /** What is wrong with an error of a flight. */
  judgeError(call: Call, error: unknown): string | undefined {
    if (call.flight?.told.has(signatureOf(error)) === true) return undefined; // of one of its own calls
    const attempt = attemptNumber(error);
    if (attempt !== undefined) return this.#judgeThrown(call, attempt);
    if (!(error instanceof PoolError)) return `what is this: ${String(error)}`;
    const { target, flight } = call;
    const { spec } = target;
    const { now, closedAt, destroyedAt, refusedStarts } = this.#facts;
    const has = (kind: Course['kind']) => this.attemptsOf(call).some(({ course }) => course.kind === kind);
    const { mayStall } = this.#facts;
    const hasAwaited = () => mayStall && this.attemptsOf(call).some((one) => one.hasAwaited);
    const unless = (isRightful: boolean) => (isRightful ? undefined : 'which nothing explains');
    switch (error.code) {
      case 'ERR_POOL_CLOSED':
        return unless(flight === undefined ? call.at >= closedAt : now >= destroyedAt);
      case 'ERR_QUEUE_FULL':
        return unless(flight === undefined && call.wasFull);
      case 'ERR_FUNCTION_NOT_FOUND':
        return unless(spec === undefined);
      case 'ERR_OPTION':
        if (target.form === undefined) return 'and no form was asked for';
        return unless((spec !== undefined && !isBigintKind(spec)) || has('uncloneable'));
      case 'ERR_NON_ERROR_THROWN':
        return unless(has('throws') && error.cause === null);
      case 'ERR_RESULT_NOT_CLONEABLE':
        return unless(has('uncloneable'));
      case 'ERR_WORKER_START':
        if (refusedStarts.some((at) => at >= (flight?.startedAt ?? now))) return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_MODULE_LOAD':
        if (spec !== undefined && spec.load !== 'at once' && spec.load !== 'slow') return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_UNSETTLED':
      case 'ERR_STALLED':
        return unless(has('unsettled') || hasAwaited());
      case 'ERR_FUNCTION_CRASHING':
        return unless(this.#isCrashing(target.name));
      case 'ERR_WORKER_EXIT':
      case 'ERR_WORKER_MEMORY':
        return this.#judgeDeath(call, error);
      default:
        return 'which is not expected here';
    }
  }

  #judgeThrown(call: Call, id: number): string | undefined {
    const attempt = this.attempts[id];
    if (attempt === undefined || !this.attemptsOf(call).includes(attempt)) return `of another: attempt ${id}`;
    const { kind } = attempt.course;
    // What it leaves behind may go off while it waits.
    const isLeft = kind === 'leaves' && (attempt.hasAsked || attempt.hasAwaited);
    return kind === 'throws' || kind === 'timer throws' || isLeft
      ? undefined
      : `attempt ${id} does not fail so`;
  }

  // One call pays for a death: the one that was computed, or of a thread that never answered anything the first.
  #judgeDeath(call: Call, error: PoolError): string | undefined {
    const death = this.deaths[Number(error.details['death'] ?? -1)];
    if (death === undefined) return 'and no thread died so';
    const payer = this.#killed.get(death.id) ?? call.flight;
    if (payer !== call.flight) return `but another has paid for death ${death.id}`;
    this.#killed.set(death.id, call.flight);
    const { key, name } = call.target;
    const { cause, keys } = death;
    if (cause?.key === key) return undefined;
    if (isDoubtful(death) && (death.untold.includes(key) || death.loading === name)) return undefined;
    if (death.loading === name && cause === undefined) return undefined;
    if (keys.includes(key) && isOfNobody(death)) return this.#judgeLateDeath(call);
    const isFirst = !death.thread.hasReplied && keys.length === 0;
    return isFirst ? undefined : `for death ${death.id}, which is of ${cause?.key ?? 'no call'}`;
  }

  // An innocent call is begun again, once.
  #judgeLateDeath({ target, flight }: Call): string | undefined {
    const times = this.deaths.filter(
      (death) =>
        isOfNobody(death) && death.keys.includes(target.key) && death.at >= (flight?.startedAt ?? Infinity),
    ).length;
    return times > 1 ? undefined : 'though it is innocent and was not begun again';
  }

  // Its calls have ended five threads within ten seconds, less than thirty seconds ago; heard of some time later.
  #isCrashing(name: string): boolean {
    const { now, slackMs } = this.#facts;
    const own = this.deaths.filter((death) => namesOf(death).includes(name));
    return own.some(({ at }, index) => {
      const fifth = own[index + 4];
      return fifth !== undefined && fifth.at - at <= 10_000 + slackMs && now - fifth.at <= 30_000 + slackMs;
    });
  }

  /** A function whose every call ends its thread is not given one after the other. */
  checkCrashes(): void {
    const { graph, maxWorkers, now, slackMs, fail } = this.#facts;
    for (const { name, isPoison } of graph) {
      if (!isPoison) continue;
      const own = this.deaths.filter(
        ({ cause, at }) => cause?.key.startsWith(`${name}(`) === true && now - at < 9000 - slackMs,
      );
      if (own.length > 5 + maxWorkers) fail(`${name} has ended ${own.length} threads`);
    }
  }

  /** What workers have done for a call. */
  attemptsOf({ target, flight }: Call): Attempt[] {
    if (flight === undefined) return [];
    return this.attempts.filter(({ key, beganAt }) => key === target.key && beganAt >= flight.startedAt);
  }
}

/** What ended the thread was no call that anybody waits for. */
function isOfNobody({ lateBy, isOrphan }: Death): boolean {
  return lateBy !== undefined || isOrphan;
}

/** Of one that does not say so itself, and has waited: another may be taken for it. */
function isDoubtful({ cause }: Death): boolean {
  return cause?.course.kind === 'dies' && cause.course.how === 'memory' && cause.thread.hasAsked;
}

function namesOf(death: Death): (string | undefined)[] {
  const { lateBy, cause, untold, loading } = death;
  if (isDoubtful(death)) return untold.map(nameIn);
  return [lateBy ?? (cause === undefined ? loading : nameIn(cause.key))];
}

const nameIn = (key: string): string => key.slice(0, key.indexOf('('));

/** What tells an error from others. */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details: unknown = Reflect.get(error, 'details');
  const death: unknown = typeof details === 'object' && details !== null ? Reflect.get(details, 'death') : '';
  const code: unknown = Reflect.get(error, 'code') ?? error.name;
  return `${String(code)} ${attemptNumber(error) ?? ''} ${String(death ?? '')}`;
}

function attemptNumber(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const own: unknown = Reflect.get(error, 'attempt');
  if (typeof own === 'number') return own;
  const { cause } = error;
  if (typeof cause === 'string') return Number(cause.replace('attempt ', ''));
  const below: unknown =
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'attempt') : undefined;
  return typeof below === 'number' ? below : undefined;
}
