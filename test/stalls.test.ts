// Who can never end, of computations that are no more than what is asked of them here.
import { expect, test } from 'vitest';
import type { Flight } from '../src/front/flight.ts';
import { Stalls } from '../src/stalls.ts';

class Waiter {
  readonly peers: Waiter[] = [];
  readonly nest = { links: new Set<{ child: Waiter }>(), node: { by: [] } };
  isOpen = true;
  isStalled = false;

  /** As the class of flights that this stands for has more than is asked of it. */
  get flight(): Flight {
    return this as unknown as Flight;
  }

  awaits(child: Waiter): void {
    this.nest.links.add({ child });
  }

  describe(): string {
    return 'f()';
  }

  stall(): void {
    this.isStalled = true;
  }
}

test('what awaits a stuck one that may go on yet is not told that it cannot', () => {
  const [stuck, beside, far, farBeside, queued] = Array.from({ length: 5 }, () => new Waiter()) as [
    Waiter,
    Waiter,
    Waiter,
    Waiter,
    Waiter,
  ];
  stuck.peers.push(beside);
  beside.awaits(far);
  far.peers.push(farBeside);
  farBeside.awaits(queued);
  queued.isOpen = false;
  const stalls = new Stalls();
  for (const { flight } of [far, stuck]) stalls.add(flight);
  expect([stuck, far].map(({ isStalled }) => isStalled)).toEqual([false, false]);
  queued.isOpen = true;
  queued.awaits(stuck);
  stalls.check();
  expect([stuck, far].map(({ isStalled }) => isStalled)).toEqual([true, true]);
});
