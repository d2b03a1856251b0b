// The certificate of a product of the user's own numbers: modulo random primes of 60 bits it is the product of theirs.
import { randomPrimes } from '../primes-60.ts';
import { type Range, ResidueKernel, type Residues } from '../residue.ts';
import { type Engine, RESIDUES_AT } from './engine.ts';
import { residueFunctions } from './open.ts';

interface Kept {
  readonly kernel: ResidueKernel;
  /** How often it may be used yet. */
  left: number;
}

// So seldom that choosing primes, a millisecond, costs nothing; so often that what is learnt of them is soon worthless.
const USES = 1024;
const PRIMES = 2;

const kept = new WeakMap<Engine, Kept>();

/**
 * The kernel that certifies what `engine` makes. Its primes are renewed now and then, so who compares residues takes both
 * from the kernel of one call.
 */
export function certifier(engine: Engine): ResidueKernel {
  const known = kept.get(engine);
  if (known !== undefined && known.left > 0) {
    known.left--;
    return known.kernel;
  }
  const functions = residueFunctions(engine.exports, PRIMES);
  const primes = randomPrimes(PRIMES);
  const kernel = new ResidueKernel({ functions, memory: engine, place: RESIDUES_AT, primes });
  kept.set(engine, { kernel, left: USES });
  return kernel;
}

/** Whether the bytes at `product` are those of the product of the factors, whose residues are given. */
export function isProduct(
  kernel: ResidueKernel,
  [a, b]: readonly [Residues, Residues],
  product: Range,
): boolean {
  const found = kernel.ofBytes(product);
  return kernel.primes.every((p, i) => ((a[i] ?? 0n) * (b[i] ?? 0n)) % p === found[i]);
}
