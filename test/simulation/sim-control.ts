// The control block of a simulated thread, at whose every use another thread may act in between.
import { stopState } from '../../src/compute/stop.ts';
import type { Control } from '../../src/control.ts';
import type { Surroundings } from './surroundings.ts';
import type { Side } from './timeline.ts';

/** The same control block, at whose every use another thread may act first. */
export function watched(control: Control, { interleave }: Pick<Surroundings, 'interleave'>): Control {
  const { take, enter, revoke, stageOf } = control;
  return Object.assign(control, {
    take: (seq: number) => {
      interleave();
      return take.call(control, seq);
    },
    enter: (...args: Parameters<Control['enter']>) => {
      interleave();
      enter.apply(control, args);
    },
    revoke: (seq: number) => {
      interleave();
      return revoke.call(control, seq);
    },
    stageOf: (seq: number) => {
      interleave();
      return stageOf.call(control, seq);
    },
  });
}

/** The same, which a thread that is no more does not change. */
export function silenced(control: Control, side: Side, onTake: (seq: number) => void): Control {
  const { take, enter } = control;
  return Object.assign(control, {
    take: (seq: number) => {
      onTake(seq);
      return !side.isGone && take(seq);
    },
    enter: (...args: Parameters<Control['enter']>) => {
      if (!side.isGone) enter(...args);
      stopState().cell = control.stopCell; // each thread's own
    },
  });
}
