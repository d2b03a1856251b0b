// The oracle of what runs in the threads: what nobody wants does not run on for long, and what somebody wants is not ended.
import type { Attempt, Facts, Flight } from './model.ts';
import type { SimThread } from './sim-thread.ts';
import type { Verdict } from './verdict.ts';

// What goes on after it has waited is looked at now and then, and not at every moment.
const LONGEST_OPEN_MS = 1000;

export class Running {
  #attempts: Attempt[] = [];
  /** Whose promise cannot settle any more, and since when. */
  readonly #unsettled = new Map<Attempt, number>();
  /** Threads whose end is known. */
  readonly #ended = new Set<SimThread>();
  readonly #facts: Facts;
  readonly #verdict: Verdict;

  constructor(facts: Facts, verdict: Verdict) {
    this.#facts = facts;
    this.#verdict = verdict;
  }

  /** A worker begins a call: not one that another is computing for the same callers. */
  add(attempt: Attempt): void {
    this.#attempts.push(attempt);
    const { flight } = attempt;
    const twin = this.#attempts.find(
      (other) =>
        other !== attempt &&
        other.flight === flight &&
        !other.hasEnded &&
        !other.hasAwaited && // which may have been told that it never ends
        !other.thread.side.isGone,
    );
    if (flight !== undefined && twin !== undefined) {
      this.#facts.fail(`${attempt.key} runs twice: attempts ${twin.id} and ${attempt.id}`);
    }
  }

  on(thread: SimThread): Attempt[] {
    return this.#attempts.filter((attempt) => attempt.thread === thread && !attempt.hasEnded);
  }

  /** An attempt for a flight that has run since a moment. */
  since(at: number, flight: Flight | undefined): Attempt | undefined {
    return this.#attempts.find(
      (attempt) =>
        attempt.flight === flight &&
        attempt.beganAt <= at &&
        !attempt.hasEnded &&
        !attempt.thread.side.isGone,
    );
  }

  onEmptyLoop(thread: SimThread): void {
    for (const attempt of this.on(thread)) {
      if (!attempt.isAsleep) continue;
      attempt.hasEnded = true;
      this.#unsettled.set(attempt, this.#facts.now);
    }
  }

  check(graceMs: number): void {
    this.#checkUnsettled(graceMs);
    const attempts = this.#attempts.filter(({ hasEnded }) => !hasEnded);
    for (const attempt of attempts) this.#check(attempt, graceMs);
    for (const { thread } of attempts) if (thread.isEnded) this.#ended.add(thread);
    this.#attempts = attempts.filter(({ thread }) => !thread.side.isGone);
  }

  #check(attempt: Attempt, graceMs: number): void {
    const { now, fail } = this.#facts;
    const { id, thread, flight } = attempt;
    if (flight === undefined) return;
    const mayWait = thread.hasAsked || attempt.hasAwaited; // beside what its thread computes
    // What has been let go of, and goes on by a timer or by another call, nobody can tell from the thread's other work.
    const isKnown = attempt.isBusy && !attempt.hasSlept && !attempt.hasAwaited;
    const isHindrance = flight.isOver && (isKnown || !mayWait);
    attempt.unwantedSince = isHindrance ? Math.min(attempt.unwantedSince, now) : Infinity;
    if (thread.isEnded && !flight.isOver) this.#checkEnd(attempt, mayWait, graceMs);
    if (thread.side.isGone) return;
    const longest = mayWait ? graceMs + LONGEST_OPEN_MS : graceMs;
    if (attempt.unwantedSince < now - longest) fail(`attempt ${id} runs on for nobody`);
    if (!flight.isOver && attempt.hasAsked && !thread.isHeld)
      fail(`attempt ${id} waits, and its thread does not keep the process alive`);
  }

  // Others may have been the reason: one that nobody wants and that runs on, or takes long to be imported, or one that failed
  // from outside its promise.
  #checkEnd({ id, thread }: Attempt, mayWait: boolean, graceMs: number): void {
    if (this.#ended.has(thread)) return;
    const isReason = ({ thread: other, flight, course, hasEnded, isAsleep }: Attempt) =>
      other === thread &&
      (flight === undefined ||
        (flight.isOver && (!hasEnded || isAsleep)) ||
        course.kind === 'leaves' ||
        course.kind === 'timer throws');
    const hasLoaded = thread.loading !== undefined || thread.loadedAt > this.#facts.now - graceMs;
    if (mayWait && (hasLoaded || this.#verdict.attempts.some(isReason))) return;
    this.#facts.fail(`attempt ${id} was ended, and somebody waits for it`);
  }

  // Beside others it may be one of them that it waits for; and its loop may not be empty any more.
  #checkUnsettled(graceMs: number): void {
    const { now, fail } = this.#facts;
    for (const [attempt, since] of this.#unsettled) {
      const { id, flight, thread } = attempt;
      const isOver = flight === undefined || flight.isOver || thread.side.isGone;
      if (isOver || !attempt.isAsleep) this.#unsettled.delete(attempt);
      else if (this.on(thread).length > 0 || thread.keepsLoop) this.#unsettled.set(attempt, now);
      else if (since < now - graceMs) fail(`attempt ${id} cannot settle, and nobody is told`);
    }
  }
}
