// Which threads help which with a big number. The main thread brings them together, and tells a team when one of its
// threads has ended: those it worked with see it in the memory they share.
import { Board, MOST_HELPERS } from '../kernels/transform/board.ts';
import type { Invitation, Team } from '../kernels/transform/team.ts';
import type { TeamMessage } from '../wire.ts';

/** A thread, as far as it is needed here. */
export interface Member {
  /** It has a thread with nothing to do, that could help at once. */
  readonly canHelp: boolean;
  tell(message: TeamMessage): void;
}

interface Known<M> {
  readonly leader: M;
  readonly team: Team;
  readonly board: Board;
  /** Those that were told to help and have not left, by their seats. */
  readonly helpers: Map<M, number>;
  /** All that ever helped, and may keep the team's memory. */
  readonly informed: Set<M>;
  /** For those that never have; a few times as many as there are threads, at most. */
  readonly invitations: Invitation[];
  hasLost: boolean;
}

export class Teams<M extends Member> {
  readonly #teams = new Map<number, Known<M>>();

  /** Makes a team known, or brings it more invitations. */
  invite(leader: M, team: Team, invitations: readonly Invitation[]): void {
    const known = this.#teams.get(team.id) ?? begin(leader, team);
    this.#teams.set(team.id, known);
    known.invitations.push(...invitations);
  }

  /** Sends whoever is free to the help of a leader. @returns whether there is anybody */
  recruit(id: number, members: Iterable<M>): boolean {
    const known = this.#teams.get(id);
    if (known === undefined) return false;
    for (const member of members) {
      if (member !== known.leader && member.canHelp && !this.isHelping(member)) send(member, known);
    }
    return known.helpers.size > 0;
  }

  isHelping(member: M): boolean {
    for (const { helpers } of this.#teams.values()) if (helpers.has(member)) return true;
    return false;
  }

  /** A thread of the team has ended while it was to help. */
  hasLost(id: number): boolean {
    return this.#teams.get(id)?.hasLost ?? false;
  }

  left(member: M, id: number): void {
    this.#teams.get(id)?.helpers.delete(member);
  }

  disband(id: number): void {
    const known = this.#teams.get(id);
    if (known === undefined) return;
    this.#teams.delete(id);
    for (const invitation of known.invitations) invitation.close();
    for (const member of known.informed) member.tell(['disband', id]);
  }

  /** A thread has ended, or is to be. */
  end(member: M): void {
    for (const known of [...this.#teams.values()]) {
      const { leader, team, board, helpers, informed } = known;
      informed.delete(member);
      if (leader === member) {
        board.close();
        this.disband(team.id);
        continue;
      }
      const seat = helpers.get(member);
      if (seat === undefined) continue;
      helpers.delete(member);
      known.hasLost = true;
      board.lose(seat);
    }
  }
}

function begin<M>(leader: M, team: Team): Known<M> {
  const board = new Board(team.board);
  return { leader, team, board, helpers: new Map(), informed: new Set(), invitations: [], hasLost: false };
}

function send<M extends Member>(member: M, { team, board, helpers, informed, invitations }: Known<M>): void {
  const seat = freeSeat(new Set(helpers.values()));
  if (seat === undefined) return;
  const invitation = informed.has(member) ? undefined : invitations.pop();
  if (invitation === undefined && !informed.has(member)) {
    board.wish();
    return;
  }
  helpers.set(member, seat);
  informed.add(member);
  member.tell(['help', team, seat, invitation]);
}

function freeSeat(taken: ReadonlySet<number>): number | undefined {
  for (let seat = 1; seat <= MOST_HELPERS; seat++) if (!taken.has(seat)) return seat;
  return undefined;
}
