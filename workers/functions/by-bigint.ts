// The maker of Fibonacci and Lucas numbers that makes them with V8's BigInt: whatever the form, they end where BigInt does.
import type { Maker } from '../../src/compute/made.ts';
import { checkSequence, refuseBeyondBigint, type Sequence } from './domains/growth.ts';

/** Leaves the call to the function, whose result is converted; what the function cannot make it refuses. */
export function byBigint(sequence: Sequence): Maker {
  return (args, form) => {
    checkSequence(sequence, args, form);
    refuseBeyondBigint(sequence, args, form);
    return undefined;
  };
}
