// Who is sent to help whom, and what a team is told when a thread of it has ended.
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Member, Teams } from '../../src/dispatch/teams.ts';
import { Board, MOST_HELPERS } from '../../src/kernels/transform/board.ts';
import type { Invitation } from '../../src/kernels/transform/team.ts';
import type { TeamMessage } from '../../src/wire.ts';

class FakeMember implements Member {
  canHelp = true;
  readonly told: TeamMessage[] = [];

  tell(message: TeamMessage): void {
    this.told.push(message);
    if (message[0] === 'help') message[3]?.close();
  }

  /** What it was told, in short: the seats that it was given, and a minus for a team that is no more. */
  get story(): readonly (number | '-')[] {
    return this.told.map((message) => (message[0] === 'help' ? message[2] : '-'));
  }
}

const members = (count: number): FakeMember[] => Array.from({ length: count }, () => new FakeMember());

function invitations(count: number): Invitation[] {
  return Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    port1.close();
    return port2;
  });
}

function openTeam(teams: Teams<FakeMember>, leader: FakeMember, id = 1, invited = 20): Board {
  const board = new Board();
  board.takeWish();
  teams.invite(leader, { id, board: board.memory }, invitations(invited));
  return board;
}

test('those who can help are sent, each to a seat of its own; not the leader, not who helps another', () => {
  const teams = new Teams<FakeMember>();
  const all = members(5);
  const [leader, a, busy, b, other] = all as [FakeMember, FakeMember, FakeMember, FakeMember, FakeMember];
  busy.canHelp = false;
  other.canHelp = false;
  openTeam(teams, leader);
  expect(teams.recruit(1, all)).toBe(true);
  expect(all.map(({ story }) => story)).toEqual([[], [1], [], [2], []]);
  openTeam(teams, other, 2);
  leader.canHelp = false;
  expect(teams.recruit(2, all)).toBe(false);
  teams.left(a, 1);
  expect(teams.recruit(2, all)).toBe(true);
  expect([a.story, b.story]).toEqual([[1, 1], [2]]);
  teams.disband(1);
  teams.disband(2);
  expect([a.story, b.story, busy.story]).toEqual([[1, 1, '-', '-'], [2, '-'], []]);
});

test('there are as many helpers as seats, and a seat that was left is given again', () => {
  const teams = new Teams<FakeMember>();
  const [leader = new FakeMember(), ...others] = members(MOST_HELPERS + 3);
  openTeam(teams, leader);
  teams.recruit(1, others);
  expect(others.flatMap(({ story }) => story)).toEqual(Array.from({ length: MOST_HELPERS }, (_, i) => i + 1));
  const third = others[2] ?? leader;
  teams.left(third, 1);
  third.canHelp = false;
  teams.recruit(1, others);
  expect(others[MOST_HELPERS]?.story).toEqual([3]);
  teams.disband(1);
});

test('without an invitation nobody new is sent, and more are wished for; who was there needs none', () => {
  const teams = new Teams<FakeMember>();
  const [leader, a, b] = members(3) as [FakeMember, FakeMember, FakeMember];
  const board = openTeam(teams, leader, 1, 1);
  teams.recruit(1, [a, b]);
  expect([a.story, b.story, board.takeWish()]).toEqual([[1], [], true]);
  teams.left(a, 1);
  teams.recruit(1, [a]);
  expect([a.story, a.told[1]?.[0] === 'help' && a.told[1][3]]).toEqual([[1, 1], undefined]);
  teams.disband(1);
});

test('the end of a helper is a loss for its team when it was there, and only then', () => {
  const teams = new Teams<FakeMember>();
  const [leader, came, never] = members(3) as [FakeMember, FakeMember, FakeMember];
  const board = openTeam(teams, leader);
  teams.recruit(1, [came, never]);
  board.arrive(1);
  teams.end(never);
  expect([board.present, board.hasFailed, teams.hasLost(1)]).toEqual([1, false, true]);
  teams.end(came);
  expect([board.present, board.hasFailed]).toEqual([0, true]);
  teams.disband(1);
  expect([came.story, never.story]).toEqual([[1], [2]]);
});

test('the end of a leader is told to its helpers', () => {
  const teams = new Teams<FakeMember>();
  const [leader, helper] = members(2) as [FakeMember, FakeMember];
  const board = openTeam(teams, leader);
  board.open();
  teams.recruit(1, [helper]);
  teams.end(leader);
  expect([board.isOpen, helper.story, teams.isHelping(helper)]).toEqual([false, [1, '-'], false]);
});
