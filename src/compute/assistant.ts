// A worker that has no calls helps others with their big numbers: slice by slice, so that a call of its own never waits for
// more than a slice.
import { Board } from '../kernels/transform/board.ts';
import { threadOn } from '../kernels/transform/engine.ts';
import { help } from '../kernels/transform/helper.ts';
import { instantiate } from '../kernels/transform/open.ts';
import type { Thread } from '../kernels/transform/tasks.ts';
import type { Team } from '../kernels/transform/team.ts';

interface Membership {
  readonly board: Board;
  readonly thread: Thread;
}

export interface AssistantOptions {
  /** Calls back after what is waiting on the event loop. */
  readonly afterTurn: (callback: () => void) => void;
  /** Told when it helps a team no more, for now. */
  readonly onLeft: (id: number) => void;
}

// So many slices without a piece, of 2 ms each, and it leaves: the leader may be about something else.
const MOST_IDLE_SLICES = 10;
// Watching costs 64 bytes a thread in the engine's memory.
const MOST_INDEX = 15;

export class Assistant {
  readonly #options: AssistantOptions;
  readonly #teams = new Map<number, Membership>();
  #helped: number | undefined;

  constructor(options: AssistantOptions) {
    this.#options = options;
  }

  /** Helps a team from now on, unless it helps one already. */
  help(team: Team): void {
    if (this.#helped !== undefined) {
      if (this.#helped !== team.id) this.#options.onLeft(team.id);
      return;
    }
    const membership = this.#join(team);
    this.#helped = team.id;
    membership.board.arrive();
    this.#go(team.id, membership, 0);
  }

  /** A call of its own has come. */
  leave(): void {
    const id = this.#helped;
    if (id === undefined) return;
    this.#helped = undefined;
    this.#teams.get(id)?.board.leave();
    this.#options.onLeft(id);
  }

  /** A team is no more: its memory is let go of. */
  disband(id: number): void {
    if (this.#helped === id) this.leave();
    this.#teams.delete(id);
  }

  #go(id: number, membership: Membership, idle: number): void {
    if (this.#helped !== id) return;
    const result = help(membership.board, membership.thread);
    const slices = result === 'worked' ? 0 : idle + 1;
    if (result === 'over' || slices > MOST_IDLE_SLICES) this.leave();
    else this.#options.afterTurn(() => this.#go(id, membership, slices));
  }

  #join({ id, board: memory, memory: numbers }: Team): Membership {
    const known = this.#teams.get(id);
    if (known !== undefined) return known;
    const board = new Board(memory);
    const index = ((board.join() - 1) % MOST_INDEX) + 1;
    const membership = { board, thread: threadOn(numbers, instantiate(numbers), index) };
    this.#teams.set(id, membership);
    return membership;
  }
}
