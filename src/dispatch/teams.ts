// Which threads help which with a big number. The main thread brings them together, and tells a team when one of its
// threads has ended: those it worked with see it in the memory they share.
import { Board } from '../kernels/transform/board.ts';
import type { Team } from '../kernels/transform/team.ts';
import type { ThreadMessage } from '../wire.ts';

/** A thread, as far as it is needed here. */
export interface Member {
  /** It has a thread with nothing to do, that could help at once. */
  readonly canHelp: boolean;
  tell(message: ThreadMessage): void;
}

interface Known<M> {
  readonly leader: M;
  readonly team: Team;
  readonly helpers: Set<M>;
  /** All that ever helped, and may keep the team's memory. */
  readonly informed: Set<M>;
}

export class Teams<M extends Member> {
  readonly #teams = new Map<number, Known<M>>();

  /** Sends whoever is free to the help of a leader. @returns whether there was anybody */
  recruit(leader: M, team: Team, members: Iterable<M>): boolean {
    const known = this.#know(leader, team);
    let hasFound = known.helpers.size > 0;
    for (const member of members) {
      if (member === leader || !member.canHelp || this.isHelping(member)) continue;
      known.helpers.add(member);
      known.informed.add(member);
      member.tell(['help', team]);
      hasFound = true;
    }
    return hasFound;
  }

  isHelping(member: M): boolean {
    for (const { helpers } of this.#teams.values()) if (helpers.has(member)) return true;
    return false;
  }

  left(member: M, id: number): void {
    this.#teams.get(id)?.helpers.delete(member);
  }

  disband(id: number): void {
    const known = this.#teams.get(id);
    this.#teams.delete(id);
    for (const member of known?.informed ?? []) member.tell(['disband', id]);
  }

  /** A thread has ended, or is to be. */
  end(member: M): void {
    for (const { leader, team, helpers, informed } of [...this.#teams.values()]) {
      informed.delete(member);
      if (leader === member) {
        new Board(team.board).close();
        this.disband(team.id);
      } else if (helpers.delete(member)) {
        new Board(team.board).lose();
      }
    }
  }

  #know(leader: M, team: Team): Known<M> {
    const known = this.#teams.get(team.id) ?? { leader, team, helpers: new Set(), informed: new Set() };
    this.#teams.set(team.id, known);
    return known;
  }
}
