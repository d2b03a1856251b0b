// Two complex numbers at a time, and the butterflies of the transform on them.
//
// A node of the transform is a polynomial modulo x^n - c. With a root r of c, of order `radix`, it is split into its
// remainders modulo x^(n/radix) - r w^k, w being a primitive root of unity of that order (see ../README.md).
import type { Code, Expr } from './code.ts';
import { f64, f64x2, multiplyAdd, subtractProduct, v128 } from './instructions.ts';

export interface Complex {
  readonly re: Expr;
  readonly im: Expr;
}

export function load(code: Code, address: Expr, offset = 0): Complex {
  return {
    re: code.keep('v128', v128.load(address, offset)),
    im: code.keep('v128', v128.load(address, offset + 16)),
  };
}

export function store(code: Code, address: Expr, value: Complex, offset = 0): void {
  code.run(v128.store(address, value.re, offset));
  code.run(v128.store(address, value.im, offset + 16));
}

/** One complex number, in both lanes. */
export function loadSplat(code: Code, address: Expr, offset = 0): Complex {
  return {
    re: code.keep('v128', v128.load64_splat(address, offset)),
    im: code.keep('v128', v128.load64_splat(address, offset + 8)),
  };
}

export function splat(code: Code, value: number): Expr {
  return code.keep('v128', f64x2.splat(f64.const(value)));
}

export function add(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', f64x2.add(a.re, b.re)),
    im: code.keep('v128', f64x2.add(a.im, b.im)),
  };
}

export function sub(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', f64x2.sub(a.re, b.re)),
    im: code.keep('v128', f64x2.sub(a.im, b.im)),
  };
}

/** a + i b */
export function addTimesI(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', f64x2.sub(a.re, b.im)),
    im: code.keep('v128', f64x2.add(a.im, b.re)),
  };
}

/** a - i b */
export function subTimesI(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', f64x2.add(a.re, b.im)),
    im: code.keep('v128', f64x2.sub(a.im, b.re)),
  };
}

export function mul(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', subtractProduct(code, f64x2.mul(a.re, b.re), a.im, b.im)),
    im: code.keep('v128', multiplyAdd(code, a.re, b.im, f64x2.mul(a.im, b.re))),
  };
}

/** a times the conjugate of b */
export function mulConjugate(code: Code, a: Complex, b: Complex): Complex {
  return {
    re: code.keep('v128', multiplyAdd(code, a.re, b.re, f64x2.mul(a.im, b.im))),
    im: code.keep('v128', subtractProduct(code, f64x2.mul(a.im, b.re), a.re, b.im)),
  };
}

/** a times a real number */
export function scale(code: Code, a: Complex, by: Expr): Complex {
  return {
    re: code.keep('v128', f64x2.mul(a.re, by)),
    im: code.keep('v128', f64x2.mul(a.im, by)),
  };
}

export function square(code: Code, a: Complex): Complex {
  const product = code.keep('v128', f64x2.mul(a.re, a.im));
  return {
    re: code.keep('v128', f64x2.mul(f64x2.add(a.re, a.im), f64x2.sub(a.re, a.im))),
    im: code.keep('v128', f64x2.add(product, product)),
  };
}

export type Radix = 2 | 3 | 4 | 5;
type Butterfly = (code: Code, z: readonly Complex[]) => readonly Complex[];

function pick(z: readonly Complex[], index: number): Complex {
  const value = z[index];
  if (value === undefined) throw new RangeError(`a butterfly has no leg ${index}`);
  return value;
}

/** sum_j z_j w^(jk) for the k of each child, in the order of the children; z_j times r^j before. */
export const BUTTERFLIES: Readonly<Record<Radix, Butterfly>> = {
  2: (code, z) => [add(code, pick(z, 0), pick(z, 1)), sub(code, pick(z, 0), pick(z, 1))],
  // The children r, -r, i r, -i r: the order in which two splits in two come to them.
  4: (code, z) => {
    const even = add(code, pick(z, 0), pick(z, 2));
    const evenLess = sub(code, pick(z, 0), pick(z, 2));
    const odd = add(code, pick(z, 1), pick(z, 3));
    const oddLess = sub(code, pick(z, 1), pick(z, 3));
    return [
      add(code, even, odd),
      sub(code, even, odd),
      addTimesI(code, evenLess, oddLess),
      subTimesI(code, evenLess, oddLess),
    ];
  },
  3: (code, z) => transform3(code, z, 1),
  5: (code, z) => transform5(code, z, 1),
};

/** The way back, without the division by the radix; its results are still to be multiplied by r^-j. */
export const INVERSE_BUTTERFLIES: Readonly<Record<Radix, Butterfly>> = {
  2: BUTTERFLIES[2],
  4: (code, y) => {
    const even = add(code, pick(y, 0), pick(y, 1));
    const odd = sub(code, pick(y, 0), pick(y, 1));
    const evenLess = add(code, pick(y, 2), pick(y, 3));
    const oddLess = sub(code, pick(y, 2), pick(y, 3));
    return [
      add(code, even, evenLess),
      subTimesI(code, odd, oddLess),
      sub(code, even, evenLess),
      addTimesI(code, odd, oddLess),
    ];
  },
  3: (code, y) => transform3(code, y, -1),
  5: (code, y) => transform5(code, y, -1),
};

// The discrete Fourier transform of three, w = exp(2 pi i sign / 3).
function transform3(code: Code, z: readonly Complex[], sign: 1 | -1): readonly Complex[] {
  const sum = add(code, pick(z, 1), pick(z, 2));
  const difference = scale(
    code,
    sub(code, pick(z, 1), pick(z, 2)),
    splat(code, sign * Math.sin(Math.PI / 1.5)),
  );
  const middle = sub(code, pick(z, 0), scale(code, sum, splat(code, 0.5)));
  return [
    add(code, pick(z, 0), sum),
    addTimesI(code, middle, difference),
    subTimesI(code, middle, difference),
  ];
}

// The same of five, w = exp(2 pi i sign / 5).
function transform5(code: Code, z: readonly Complex[], sign: 1 | -1): readonly Complex[] {
  const turn = (2 * Math.PI) / 5;
  const sum1 = add(code, pick(z, 1), pick(z, 4));
  const sum2 = add(code, pick(z, 2), pick(z, 3));
  const difference1 = sub(code, pick(z, 1), pick(z, 4));
  const difference2 = sub(code, pick(z, 2), pick(z, 3));
  const cos1 = splat(code, Math.cos(turn));
  const cos2 = splat(code, Math.cos(2 * turn));
  const sin1 = splat(code, sign * Math.sin(turn));
  const sin2 = splat(code, sign * Math.sin(2 * turn));
  const first = pick(z, 0);
  const real1 = add(code, first, add(code, scale(code, sum1, cos1), scale(code, sum2, cos2)));
  const real2 = add(code, first, add(code, scale(code, sum1, cos2), scale(code, sum2, cos1)));
  const turned1 = add(code, scale(code, difference1, sin1), scale(code, difference2, sin2));
  const turned2 = sub(code, scale(code, difference1, sin2), scale(code, difference2, sin1));
  return [
    add(code, first, add(code, sum1, sum2)),
    addTimesI(code, real1, turned1),
    addTimesI(code, real2, turned2),
    subTimesI(code, real2, turned2),
    subTimesI(code, real1, turned1),
  ];
}
