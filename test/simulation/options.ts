// The options of a simulated pool: mostly such that they matter.
import type { Share } from '../../src/answer.ts';
import type { Random } from './random.ts';

export interface WorldOptions {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly queueSize: number;
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly share: Share;
}

export function drawOptions(random: Random): WorldOptions {
  const maxWorkers = random.whole(1, 4);
  return {
    maxWorkers,
    minWorkers: random.chance(0.3) ? random.whole(0, maxWorkers) : maxWorkers,
    queueSize: random.pick([0, 1, 3, 10, 1000, 1000]),
    maxsize: random.pick([0, 1, 2, 3, 10, null, null]),
    maxBytes: random.pick([0, 300, 600, 2000, null, null, null]),
    share: random.pick<Share>(['clone', 'clone', 'freeze', 'reference']),
  };
}
