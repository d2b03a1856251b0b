// The engine of this thread: opened when it is first needed, kept warm for the next number, and given back after a while.

import { Board, MOST_HELPERS } from './board.ts';
import { collectLater } from './collect.ts';
import { Engine } from './engine.ts';
import { Leader } from './leader.ts';
import { hasTransform, instantiate, newMemory } from './open.ts';
import { type Invitation, invite, type Team } from './team.ts';
import { threadOn } from './thread.ts';

/** What the engine needs of the thread that it is in. */
export interface EngineHost {
  /** Of all the threads of a process its own. */
  readonly threadId: number;
  /** Told before each piece of work, some tenths of a millisecond; may throw to stop. */
  readonly onPiece: () => void;
  /** How many threads there may be that help. */
  readonly helpers: number;
  /** Asks for threads to help, after so many milliseconds of work; more invitations come with it when there is a need. */
  readonly recruit: (team: Team, elapsedMs: number, invitations: readonly Invitation[]) => void;
  /** Nothing comes of this team any more. */
  readonly disband: (id: number) => void;
  /** Calls back when the thread has done what it is about. */
  readonly atEnd: (callback: () => void) => void;
}

interface Opened {
  readonly engine: Engine;
  readonly team: Team;
  readonly board: Board;
  readonly leader: Leader | undefined;
}

// Fresh memory costs more than a product in it. What is large is given back sooner.
const KEPT_MS = 10_000;
const LARGE_KEPT_MS = 1_000;
const LARGE_BYTES = 2 ** 28;
const TEAMS_A_THREAD = 2 ** 20;

let host: EngineHost | undefined;
let opened: Opened | undefined;
let release: NodeJS.Timeout | undefined;
let isEndAwaited = false;
let teams = 0;

/** By a thread of a pool, once. Without it an engine works alone. */
export function setEngineHost(given: EngineHost): void {
  host = given;
}

/** Undefined where there is no WebAssembly with vectors, or no memory for it, or `MEMOPOOL_WASM=off` is in the environment. */
export function threadEngine(): Engine | undefined {
  if (opened?.leader?.isLost) releaseEngine();
  if (opened === undefined && hasTransform()) opened = openOrNone();
  if (opened !== undefined) keepAWhile();
  return opened?.engine;
}

// From the end of the work on: only then is it known how long that took, and how large the memory has grown.
function keepAWhile(): void {
  clearTimeout(release);
  release = undefined;
  if (isEndAwaited) return;
  isEndAwaited = true;
  const { atEnd } = host ?? { atEnd: setImmediate };
  atEnd(() => {
    isEndAwaited = false;
    if (opened === undefined) return;
    release = setTimeout(releaseEngine, opened.engine.bytes > LARGE_BYTES ? LARGE_KEPT_MS : KEPT_MS);
    release.unref();
  });
}

/** Gives the memory back; the next number begins with fresh one. To be done after a HelperError too. */
export function releaseEngine(): void {
  clearTimeout(release);
  if (opened === undefined) return;
  const { board, team, engine } = opened;
  opened = undefined;
  board.close();
  if (host === undefined) return;
  host.disband(team.id);
  collectLater(engine.bytes, host.atEnd);
}

function openOrNone(): Opened | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof RangeError) return undefined; // no memory
    throw error;
  }
}

function open(): Opened {
  const memory = newMemory();
  const exports = instantiate(memory);
  const board = new Board();
  const team = {
    id: (host?.threadId ?? 0) * TEAMS_A_THREAD + (teams++ % TEAMS_A_THREAD),
    board: board.memory,
  };
  if (host === undefined) return { engine: new Engine(memory, exports), team, board, leader: undefined };
  const { onPiece, recruit, atEnd } = host;
  const helpers = Math.min(host.helpers, MOST_HELPERS);
  const leader = new Leader({
    board,
    thread: threadOn(memory, exports, 0),
    onPiece,
    recruit: (elapsedMs) => {
      if (helpers === 0) return;
      const needed = board.takeWish() ? helpers : 0;
      recruit(
        team,
        elapsedMs,
        Array.from({ length: needed }, () => invite(memory)),
      );
    },
    atEnd,
  });
  return { engine: new Engine(memory, exports, leader), team, board, leader };
}
