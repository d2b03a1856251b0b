// V8's own multiplication: the kernel for small numbers, the reference for all, and what is left when nothing else is there.
import type { Kernel } from './kernel.ts';

export const bigintKernel: Kernel = {
  name: 'bigint',
  applies: () => true,
  multiply: (a, b) => a.value * b.value,
  square: (a) => a.value * a.value,
};
