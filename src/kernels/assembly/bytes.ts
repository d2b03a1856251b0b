// The binary format of WebAssembly, as far as the kernels need it: numbers, vectors and sections.
// Source: WebAssembly Core Specification 2.0, chapter 5, "Binary Format".

/** A list of bytes that grows. */
export class Bytes {
  readonly #bytes: number[] = [];

  byte(...values: readonly number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  /** Unsigned LEB128. */
  unsigned(value: number): this {
    let rest = value;
    do {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      this.byte(rest === 0 ? low : low | 0x80);
    } while (rest !== 0);
    return this;
  }

  /** Signed LEB128. */
  signed(value: number | bigint): this {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(BigInt.asUintN(7, rest));
      rest >>= 7n;
      const isLast = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
      this.byte(isLast ? low : low | 0x80);
      if (isLast) return this;
    }
  }

  double(value: number): this {
    return this.byte(...new Uint8Array(new Float64Array([value]).buffer));
  }

  /** UTF-8, after its length. */
  name(text: string): this {
    return this.sized(new Bytes().byte(...new TextEncoder().encode(text)));
  }

  append(other: Bytes): this {
    for (const value of other.#bytes) this.#bytes.push(value);
    return this;
  }

  /** `other` after its length in bytes. */
  sized(other: Bytes): this {
    return this.unsigned(other.#bytes.length).append(other);
  }

  toUint8Array(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}
