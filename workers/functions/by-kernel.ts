// The maker of Fibonacci and Lucas numbers: large ones by the transform, in the form in which they are wanted and with the
// help of workers that have nothing to do; the others by V8's BigInt.
import { progress } from '../../src/compute/call.ts';
import type { Made, Maker } from '../../src/compute/made.ts';
import { PoolError } from '../../src/errors.ts';
import { APPLIES_FROM, makeNumber, memoryFor } from '../../src/kernels/numbers.ts';
import type { NumberForm } from '../../src/kernels/output.ts';
import type { Engine } from '../../src/kernels/transform/engine.ts';
import { HelperError } from '../../src/kernels/transform/leader.ts';
import { releaseEngine, threadEngine } from '../../src/kernels/transform/thread-engine.ts';
import type { ResultForm } from '../../src/types.ts';
import { roomForBigint, twosComplement } from '../../src/values/bigint-bytes.ts';
import { takeMemory } from '../../src/values/spare-memory.ts';
import { roomForText } from '../../src/values/text-bytes.ts';
import { checkSequence, refuseBeyondBigint, type Sequence } from './domains/growth.ts';

/** One of the two, with the signs of its numbers below zero. */
export interface Source {
  readonly sequence: Sequence;
  readonly name: 'fibonacci' | 'lucas';
  /** F(-n) = (-1)^(n+1) F(n), L(-n) = (-1)^n L(n): the remainder of the n whose sign changes. */
  readonly negativeRemainder: 0 | 1;
}

/** Makes what is large, and leaves the rest of the calls to the function, whose result is converted. */
export function byKernel(source: Source): Maker {
  const { sequence } = source;
  return (args, form) => {
    checkSequence(sequence, args, form);
    const n = Number(args[0]);
    const engine = Math.abs(n) < APPLIES_FROM[numberForm(form)] ? undefined : threadEngine();
    if (engine !== undefined) return made(engine, source, n, form);
    refuseBeyondBigint(sequence, args, form);
    return undefined;
  };
}

function numberForm(form: ResultForm | undefined): NumberForm {
  return form === 'decimal' || form === 'digits' ? 'text' : 'bytes';
}

function made(engine: Engine, source: Source, n: number, form: ResultForm | undefined): Made {
  const index = Math.abs(n);
  const isNegative = n < 0 && index % 2 === source.negativeRemainder;
  const number = { n: index, isNegative, take: isReadAtOnce(form) ? takeMemory : undefined };
  if (numberForm(form) === 'text') return { kind: 'text', bytes: makeText(engine, source, number) };
  if (form !== 'bytes') return { kind: 'bigint', bytes: makeBigint(engine, source, number) };
  const bytes = make(engine, source, { n: index, form: 'bytes' });
  return { kind: 'raw', bytes: twosComplement({ isNegative, bytes }) };
}

// What is not kept in bytes may be put where the result before was.
function isReadAtOnce(form: ResultForm | undefined): boolean {
  return form === undefined || form === 'bigint' || form === 'decimal';
}

interface Signed {
  /** From zero on. */
  readonly n: number;
  readonly isNegative: boolean;
  readonly take: typeof takeMemory | undefined;
}

const MINUS = 0x2d;

function makeText(engine: Engine, source: Source, { n, isNegative, take }: Signed): Uint8Array {
  let encoded: Uint8Array | undefined;
  const text = make(engine, source, {
    n,
    form: 'text',
    into: (length) => {
      const room = roomForText(isNegative ? length + 1 : length, take);
      encoded = room.encoded;
      if (!isNegative) return room.text;
      room.text[0] = MINUS;
      return room.text.subarray(1);
    },
  });
  return encoded ?? text;
}

function makeBigint(engine: Engine, source: Source, { n, isNegative, take }: Signed): Uint8Array {
  let encoded: Uint8Array | undefined;
  const digits = make(engine, source, {
    n,
    form: 'bytes',
    into: (length) => {
      // V8 itself writes whole words of 64 bits.
      const room = roomForBigint(8 * Math.ceil(length / 8), isNegative, take);
      encoded = room.encoded;
      room.digits.fill(0, length);
      return room.digits.subarray(0, length);
    },
  });
  return encoded ?? digits;
}

interface Wanted {
  readonly n: number;
  readonly form: NumberForm;
  readonly into?: (length: number) => Uint8Array<ArrayBuffer>;
}

// A thread that helped and ended has spoilt the memory it worked in; with fresh one the number is begun again.
const MOST_SPOILT = 2;

function make(engine: Engine, { name }: Source, wanted: Wanted): Uint8Array<ArrayBuffer> {
  const request = { ...wanted, sequence: name, onProgress: (done: number) => progress(done, 1) };
  for (let spoilt = 0, current = engine; ; spoilt++) {
    try {
      return makeNumber(current, request);
    } catch (error) {
      if (error instanceof HelperError) releaseEngine();
      const fresh = error instanceof HelperError && spoilt < MOST_SPOILT ? threadEngine() : undefined;
      if (fresh === undefined) throw told(error, name, wanted);
      current = fresh;
    }
  }
}

// What an engine says when there is no memory, of the addresses or of the machine.
function told(error: unknown, name: string, { n, form }: Wanted): unknown {
  if (!(error instanceof RangeError)) return error;
  const { engine, result } = memoryFor(n, form);
  releaseEngine();
  return new PoolError(
    'ERR_RESULT_TOO_LARGE',
    `${name}(${n}) takes ${megabytes(engine)} to be made and ${megabytes(result)} for its result, which are not there: ${error.message}. Ask for less, or give the machine more memory.`,
    { cause: error, details: { engineBytes: engine, resultBytes: result } },
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
