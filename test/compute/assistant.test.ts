// A worker that helps: when it does, and that each time that it was to is answered once.
import { beforeEach, expect, test } from 'vitest';
import { Assistant } from '../../src/compute/assistant.ts';
import { Board } from '../../src/kernels/transform/board.ts';
import { newMemory } from '../../src/kernels/transform/open.ts';
import { type Invitation, invite, type Team } from '../../src/kernels/transform/team.ts';
import type { HelpMessage } from '../../src/wire.ts';

class OpenTeam {
  readonly board = new Board();
  readonly memory = newMemory();
  readonly team: Team;

  constructor(id: number) {
    this.team = { id, board: this.board.memory };
    this.board.open();
  }

  help(seat = 1, invitation: Invitation | undefined = invite(this.memory)): HelpMessage {
    return ['help', this.team, seat, invitation];
  }

  again(seat = 1): HelpMessage {
    return ['help', this.team, seat, undefined];
  }
}

let turns: (() => void)[];
let left: number[];
let assistant: Assistant;

beforeEach(() => {
  turns = [];
  left = [];
  assistant = new Assistant({ afterTurn: (callback) => turns.push(callback), onLeft: (id) => left.push(id) });
});

function turn(): void {
  for (const callback of turns.splice(0)) callback();
}

test('it is there until a call comes, and comes back without another invitation', () => {
  const open = new OpenTeam(1);
  const { board } = open;
  assistant.help(open.help());
  expect([board.present, left]).toEqual([1, []]);
  assistant.leave();
  assistant.leave();
  expect([board.present, left]).toEqual([0, [1]]);
  assistant.help(open.again());
  expect([board.present, left]).toEqual([1, [1]]);
  assistant.leave();
});

test('it goes on in one row of slices, when it has left and come back in between', () => {
  const open = new OpenTeam(1);
  assistant.help(open.help());
  assistant.leave();
  assistant.help(open.again());
  expect(turns).toHaveLength(2);
  turn();
  expect(turns).toHaveLength(1);
  assistant.leave();
});

test('it leaves after some slices without a piece, also of a team that has nothing to do', () => {
  const closed = new OpenTeam(1);
  closed.board.close();
  assistant.help(closed.help());
  expect([closed.board.present, left]).toEqual([1, []]);
  while (turns.length > 0) turn();
  expect([closed.board.present, left]).toEqual([0, [1]]);
  const idle = new OpenTeam(2);
  assistant.help(idle.help());
  while (turns.length > 0) turn();
  expect([idle.board.present, left]).toEqual([0, [1, 2]]);
});

test('it helps one team at a time, and says so to the other, whose invitation it keeps', () => {
  const [one, other] = [new OpenTeam(1), new OpenTeam(2)];
  assistant.help(one.help());
  assistant.help(other.help());
  expect([one.board.present, other.board.present, left]).toEqual([1, 0, [2]]);
  assistant.leave();
  assistant.help(other.again(15));
  expect([one.board.present, other.board.present, left]).toEqual([0, 1, [2, 1]]);
  assistant.leave();
});

test('it refuses when a call has come, and can help afterwards', () => {
  const open = new OpenTeam(1);
  assistant.refuse(open.help());
  expect([open.board.present, left]).toEqual([0, [1]]);
  assistant.help(open.again());
  expect(open.board.present).toBe(1);
  assistant.leave();
});

test('it lets go of a team that is no more, and cannot help it without an invitation', () => {
  const open = new OpenTeam(1);
  assistant.help(open.help());
  assistant.disband(1);
  expect([open.board.present, left]).toEqual([0, [1]]);
  assistant.help(open.again());
  expect([open.board.present, left]).toEqual([0, [1, 1]]);
});
