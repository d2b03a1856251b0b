// What a thread tells, and what follows from it for the calls that were sent there.
import { LEAST_SPARE_BYTES } from '../values/spare-memory.ts';
import {
  type AsksMessage,
  type FromThread,
  isWaiting,
  type LateErrorMessage,
  type LateExitMessage,
  type RepliesMessage,
  type Reply,
  type SettledMessage,
  unpackReply,
} from '../wire.ts';
import { outcomeOf } from './dispatcher.ts';
import type { Job } from './job.ts';
import { endStopping, isLateExit, type Life, maySetBack } from './life.ts';
import type { Slot, SlotHost } from './slot.ts';
import type { ThreadHandle } from './thread.ts';

/** Whose thread it is, and who is told. */
export interface Receiver {
  readonly slot: Slot;
  readonly life: Life;
  readonly host: SlotHost;
}

interface Answered {
  readonly job: Job;
  readonly reply: Reply;
}

export function receive(message: FromThread, receiver: Receiver): void {
  const { life, host } = receiver;
  switch (message[0]) {
    case 'replies':
      receiveReplies(message, receiver);
      break;
    case 'settled':
      receiveSettled(message, receiver);
      break;
    case 'asks':
      receiveAsks(message, life);
      break;
    case 'stuck':
      life.open.noteStuck(message[1], message[2]);
      break;
    case 'forgotten':
      life.forgetting.shift()?.();
      break;
    case 'late-exit':
      life.lateExit = { name: message[1], seq: message[3] ?? 0 };
      life.thread.hold(true); // until its death is told: what is called before waits for that
      spoil(message, receiver);
      break;
    case 'late-error':
      spoil(message, receiver);
      break;
    case 'recruit':
      host.onRecruit(receiver.slot, message);
      break;
    case 'left':
      host.teams.left(receiver.slot, message[1]);
      host.observer?.onHelp(receiver.slot, false);
      break;
    case 'disband':
      host.teams.disband(message[1]);
      break;
    case 'advice':
      host.onAdvice(message);
      break;
    case 'harvest':
      // Before the thread has said that it has forgotten, what it shares may have been begun before the clear.
      if (life.forgetting.length === 0) host.onHarvest(message);
  }
}

function receiveReplies(
  [, first, ended, values, computeMs, ...memos]: RepliesMessage,
  { slot, life, host }: Receiver,
): void {
  const { sent, stopping } = life;
  sent.pass(first + values.length - 1, ended);
  if (stopping !== undefined && stopping.seq <= sent.passed) endStopping(life, host.clock);
  for (const [name, counts] of memos) {
    if (!life.memos.has(name)) host.onMemo(name, slot, computeMs[0] ?? 0);
    life.memos.set(name, counts);
  }
  // First all are taken from the slot, then told: who receives an answer may send to the slot, or drop its thread.
  const answered: Answered[] = [];
  for (let i = 0; i < values.length; i++) {
    const seq = first + i;
    const job = sent.at(seq);
    if (isWaiting(values[i])) {
      if (job !== undefined) {
        open(job, { slot, life });
        host.observer?.onWait(job.task);
      } else life.openPort.withdrawLate(seq, stopping?.seq === seq ? stopping.name : undefined);
      continue;
    }
    const reply = unpackReply(values[i], computeMs[i] ?? 0);
    if (!reply.ok && reply.spoiled) life.hasFailed = true;
    if (job === undefined) continue; // taken back
    sent.remove(job);
    answered.push({ job, reply: toGiveBack(reply, life.thread) });
  }
  tell(answered, { slot, host });
}

function receiveSettled(
  [, seqs, values, computeMs, ...memos]: SettledMessage,
  { slot, life, host }: Receiver,
): void {
  for (const [name, counts] of memos) life.memos.set(name, counts);
  const answered: Answered[] = [];
  for (const [i, seq] of seqs.entries()) {
    const job = life.open.pass(seq);
    const reply = unpackReply(values[i], computeMs[i] ?? 0);
    if (!reply.ok && reply.spoiled) life.hasFailed = true;
    if (job === undefined) continue; // withdrawn
    life.open.remove(job);
    answered.push({ job, reply: toGiveBack(reply, life.thread) });
  }
  tell(answered, { slot, host });
}

// The memory of a large bigint or string goes back to the thread once it is read, for the next one.
function toGiveBack(reply: Reply, thread: ThreadHandle): Reply {
  if (!reply.ok || reply.result.kind !== 'bytes' || reply.result.isReusable !== true) return reply;
  const { buffer } = reply.result.bytes;
  if (buffer.byteLength < LEAST_SPARE_BYTES || !(buffer instanceof ArrayBuffer)) return reply;
  const onRead = () => thread.post(['spare', buffer], [buffer]);
  return { ...reply, result: { ...reply.result, onRead } };
}

function tell(answered: readonly Answered[], { slot, host }: Pick<Receiver, 'slot' | 'host'>): void {
  host.observer?.onAnswers(
    slot,
    answered.map(({ job, reply }) => ({ task: job.task, computeMs: reply.computeMs })),
  );
  for (const { job, reply } of answered) {
    if (reply.ok || !reply.spoiled) host.onSurvival(job.task.name);
  }
  for (const { job, reply } of answered) {
    if (!reply.ok && reply.again && maySetBack(job)) {
      host.onReturn([job]);
      continue;
    }
    job.cost?.learn(reply.computeMs);
    job.warmth?.learn(reply.computeMs);
    host.onAnswer(job, outcomeOf(reply));
  }
}

// A call waits for calls of its own from now on.
function open(job: Job, { slot, life }: Pick<Receiver, 'slot' | 'life'>): void {
  life.sent.remove(job);
  job.slot = slot;
  life.open.add(job);
  if (job.cost !== undefined) job.cost.opens = true;
  if (job.told !== 'started') {
    job.told = 'started';
    job.task.onStart(0);
  }
  job.task.onOpen();
}

// The function may have gone on to its end by now, or be withdrawn.
function receiveAsks(message: AsksMessage, life: Life): void {
  const [, seq] = message;
  const job = life.open.at(seq) ?? life.sent.at(seq);
  if (job !== undefined) life.openPort.ask(job, message);
}

// The call that left the error behind has its result; the one that runs now is innocent and goes on. Only then is the
// thread replaced.
function spoil(message: LateErrorMessage | LateExitMessage, { life, host }: Receiver): void {
  life.isSpoiled = true;
  host.onReturn(life.sent.takeBack(Number.POSITIVE_INFINITY, () => true));
  if (message[0] === 'late-error' || isLateExit(life)) host.onLateError(message);
}
