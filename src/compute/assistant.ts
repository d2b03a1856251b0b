// A worker that has no calls helps others with their big numbers: slice by slice, so that a call of its own never waits for
// more than a slice.

import { Board } from '../kernels/transform/board.ts';
import { collectLater } from '../kernels/transform/collect.ts';
import { help } from '../kernels/transform/helper.ts';
import { instantiate } from '../kernels/transform/open.ts';
import { accept } from '../kernels/transform/team.ts';
import { type KernelExports, threadOn } from '../kernels/transform/thread.ts';
import type { SharedMemory } from '../kernels/web-assembly.ts';
import type { HelpMessage } from '../wire.ts';

interface Membership {
  readonly board: Board;
  readonly memory: SharedMemory;
  readonly exports: KernelExports;
}

/** From when it begins to help a team until it leaves. */
interface Stint extends Membership {
  readonly id: number;
  readonly seat: number;
}

export interface AssistantOptions {
  /** Calls back after what is waiting on the event loop. */
  readonly afterTurn: (callback: () => void) => void;
  /** Told when it helps a team no more, for now: once for each time that it was to. */
  readonly onLeft: (id: number) => void;
}

// So many slices without a piece, of 2 ms each, and it leaves: the leader may be about something else.
const MOST_IDLE_SLICES = 10;

export class Assistant {
  readonly #options: AssistantOptions;
  readonly #teams = new Map<number, Membership>();
  #stint: Stint | undefined;

  constructor(options: AssistantOptions) {
    this.#options = options;
  }

  /** Helps a team from now on, unless it helps another. */
  help(message: HelpMessage): void {
    const [, { id }, seat] = message;
    const membership = this.#join(message);
    if (this.#stint !== undefined || membership === undefined) {
      this.#options.onLeft(id);
      return;
    }
    const stint = { id, seat, ...membership };
    this.#stint = stint;
    stint.board.arrive(seat);
    this.#go(stint, 0);
  }

  /** It is not to help now, but may be later. */
  refuse(message: HelpMessage): void {
    this.#join(message);
    this.#options.onLeft(message[1].id);
  }

  /** A call of its own has come. */
  leave(): void {
    const stint = this.#stint;
    if (stint === undefined) return;
    this.#stint = undefined;
    stint.board.leave(stint.seat);
    this.#options.onLeft(stint.id);
  }

  /** A team is no more: its memory is let go of. */
  disband(id: number): void {
    if (this.#stint?.id === id) this.leave();
    const membership = this.#teams.get(id);
    this.#teams.delete(id);
    if (membership !== undefined) collectLater(membership.memory.buffer.byteLength, this.#options.afterTurn);
  }

  #go(stint: Stint, idle: number): void {
    if (this.#stint !== stint) return;
    const { board, memory, exports, seat } = stint;
    const result = help(board, threadOn(memory, exports, seat));
    const slices = result === 'worked' ? 0 : idle + 1;
    if (slices > MOST_IDLE_SLICES) this.leave();
    else this.#options.afterTurn(() => this.#go(stint, slices));
  }

  // The invitation comes once. @returns undefined when it is without effect: the helper has no memory for one more, say
  #join([, { id, board: shared }, , invitation]: HelpMessage): Membership | undefined {
    const known = this.#teams.get(id);
    const memory = invitation === undefined ? undefined : accept(invitation);
    if (known !== undefined || memory === undefined) return known;
    try {
      const membership = { board: new Board(shared), memory, exports: instantiate(memory) };
      this.#teams.set(id, membership);
      return membership;
    } catch {
      return undefined;
    }
  }
}
