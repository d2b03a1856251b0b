// Keys as numbers of 53 bits, for traces: the same call has the same number throughout one recording, and others in the
// next, because the seeds are random and written nowhere.
//
// No cryptographic hash: two lanes of multiplications and rotations after Austin Appleby's MurmurHash3, seeded apart. It
// keeps arguments out of the file and calls apart; it is not made to withstand who studies a trace to find its seeds.
import { randomFillSync } from 'node:crypto';
import type { MemoKey } from '../values/key.ts';

// Of MurmurHash3, x86_128.
const A1 = 0x239b961b;
const A2 = 0xab0e9789;
const B1 = 0x38b34ae5;
const B2 = 0xa1e38b93;

// What a key is of is part of it: 1, 1n and true are different keys.
const TAG = { text: 1, number: 2, bigint: 3, true: 4, false: 5, null: 6, undefined: 7, nan: 8 } as const;

const HIGH_BITS = 2 ** 21 - 1;

const asNumber = new Float64Array(1);
const asBigint = new BigInt64Array(asNumber.buffer);
const asWords = new Int32Array(asNumber.buffer);

export class KeyHash {
  readonly #seedA: number;
  readonly #seedB: number;
  #a = 0;
  #b = 0;

  /** @param seeds two words; random and secret when left out */
  constructor(seeds: Int32Array = randomFillSync(new Int32Array(2))) {
    [this.#seedA = 0, this.#seedB = 0] = seeds;
  }

  /**
   * The number of a key among those of one line; never 0.
   *
   * @param line the number of its line: the same key of another line is another call
   */
  hash(line: number, key: MemoKey): number {
    this.#a = this.#seedA;
    this.#b = this.#seedB;
    this.#mix(line);
    switch (typeof key) {
      case 'string':
        this.#mixText(key);
        break;
      case 'number':
        this.#mixNumber(key);
        break;
      case 'bigint':
        // A key is one of 64 bits; a larger one has been made a text.
        asBigint[0] = key;
        this.#mixDouble(TAG.bigint);
        break;
      case 'boolean':
        this.#mix(key ? TAG.true : TAG.false);
        break;
      default:
        this.#mix(key === null ? TAG.null : TAG.undefined);
    }
    return this.#finish();
  }

  #mixNumber(key: number): void {
    if (Number.isNaN(key)) {
      this.#mix(TAG.nan); // of which there are many, bit by bit
      return;
    }
    asNumber[0] = key + 0; // -0 is 0
    this.#mixDouble(TAG.number);
  }

  #mixDouble(tag: number): void {
    this.#mix(tag);
    this.#mix(asWords[0] ?? 0);
    this.#mix(asWords[1] ?? 0);
  }

  // Two units of UTF-16 a step; the length tells a last single one from one with a zero behind it.
  #mixText(text: string): void {
    const { length } = text;
    this.#mix(TAG.text);
    this.#mix(length);
    for (let at = 1; at < length; at += 2) this.#mix(text.charCodeAt(at - 1) | (text.charCodeAt(at) << 16));
    if (length % 2 === 1) this.#mix(text.charCodeAt(length - 1));
  }

  #mix(word: number): void {
    const inA = Math.imul(rotate(Math.imul(word, A1), 15), A2);
    const inB = Math.imul(rotate(Math.imul(word, B1), 16), B2);
    // Each lane takes up the other, so that what is equal in one of them does not stay so in both.
    this.#a = (Math.imul(rotate(this.#a ^ inA, 19) + this.#b, 5) + 0x561ccd1b) | 0;
    this.#b = (Math.imul(rotate(this.#b ^ inB, 17) + this.#a, 5) + 0x0bcaa747) | 0;
  }

  #finish(): number {
    const a = finalMix(this.#a + Math.imul(this.#b, A2));
    const b = finalMix(this.#b + a);
    return (b & HIGH_BITS) * 2 ** 32 + (a >>> 0) || 1;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

// MurmurHash3's last step: every bit of the word reaches every other.
function finalMix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
