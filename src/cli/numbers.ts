// Numbers as people write them: 1e6, 10_000_000, 2^20, -5. Read exactly, never through a float.

/** What a text says as a number. */
export type Reading =
  | { readonly kind: 'whole'; readonly value: bigint }
  /** A whole number of more than {@link MOST_DIGITS} digits: it is not made. */
  | { readonly kind: 'too-long'; readonly negative: boolean }
  /** A number with a fraction: `1.5`, `1e-3`. */
  | { readonly kind: 'fraction' }
  | { readonly kind: 'none' };

/** The longest number that is read: the system's limit for one argument is near 131,000 characters. */
export const MOST_DIGITS = 1_000_000;

// Digits with single underscores between them; each text matches in one way only, so matching is linear.
const DIGITS = String.raw`\d+(?:_\d+)*`;
const DECIMAL = new RegExp(String.raw`^([+-]?)(${DIGITS})?(?:\.(${DIGITS}))?(?:[eE]([+-]?\d+))?$`);
const POWER = new RegExp(String.raw`^([+-]?)(${DIGITS})\^(${DIGITS})$`);

/** Reads `text`; a sign binds last, so `-2^20` is -(2^20). */
export function readNumber(text: string): Reading {
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = decimal;
    if (whole === '' && fraction === '') return { kind: 'none' };
    const digits = plain(whole) + plain(fraction);
    return signed(sign, readDecimal(digits, Number(exponent) - plain(fraction).length));
  }
  const power = POWER.exec(text);
  if (power === null) return { kind: 'none' };
  const [, sign, base = '', exponent = ''] = power;
  return signed(sign, readPower(BigInt(plain(base)), BigInt(plain(exponent))));
}

/** A whole number as functions take it: a number where that is exact, else a bigint. */
export function toArgument(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

// digits * 10^shift
function readDecimal(digits: string, shift: number): Reading {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return { kind: 'whole', value: 0n };
  if (shift < 0) {
    const cut = significant.length + shift;
    const whole = cut > 0 && isZeros(significant.slice(cut));
    return whole ? readDecimal(significant.slice(0, cut), 0) : { kind: 'fraction' };
  }
  const length = significant.length + shift;
  if (length > MOST_DIGITS) return { kind: 'too-long', negative: false };
  return { kind: 'whole', value: BigInt(significant.padEnd(length, '0')) };
}

function readPower(base: bigint, exponent: bigint): Reading {
  if (base > 1n && log10(base) * Number(exponent) > MOST_DIGITS) return { kind: 'too-long', negative: false };
  return { kind: 'whole', value: base ** exponent };
}

function log10(value: bigint): number {
  const digits = value.toString();
  return digits.length - 1 + Math.log10(Number(`${digits.charAt(0)}.${digits.slice(1, 16)}`));
}

function signed(sign: string | undefined, reading: Reading): Reading {
  if (sign !== '-') return reading;
  if (reading.kind === 'whole') return { kind: 'whole', value: -reading.value };
  return reading.kind === 'too-long' ? { kind: 'too-long', negative: true } : reading;
}

function plain(digits: string): string {
  return digits.replaceAll('_', '');
}

function isZeros(text: string): boolean {
  return /^0*$/.test(text);
}
