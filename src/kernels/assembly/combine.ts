// What is made of two transforms, point by point: a quadratic form
//
//   p a^2 + q a b + r b^2
//
// is a product (0, 1, 0), a square (1, 0, 0), or what doubles the index of a Fibonacci or Lucas number. Two forms at once
// give the next pair. (In registers with the levels before and after it would take twice the time: there are too few.)

import { PAIR_BYTES, ROW_BYTES } from '../transform/layout.ts';
import type { Code, Expr, Module, Variable } from './code.ts';
import { type Complex, load, mul, square, store } from './complex.ts';
import { f64x2, i32, multiplyAdd, v128 } from './instructions.ts';

interface Form {
  readonly p: Expr;
  readonly q: Expr;
  readonly r: Expr;
}

export function addCombine(module: Module): void {
  const two = { a: 'i32', b: 'i32', form: 'i32' } as const;
  module.add('form1', two, (code, { a, b, form }) => {
    const coefficients = loadForm(code, form, 0);
    eachPoint(code, a, (address) => {
      const other = code.keep('i32', i32.add(address, i32.sub(b, a)));
      const [x, y] = [load(code, address), load(code, other)];
      store(code, address, quadratic(code, x, y, square(code, y), coefficients));
    });
  });
  module.add('form2', two, (code, { a, b, form }) => {
    const [first, second] = [loadForm(code, form, 0), loadForm(code, form, 24)];
    eachPoint(code, a, (address) => {
      const other = code.keep('i32', i32.add(address, i32.sub(b, a)));
      const [x, y] = [load(code, address), load(code, other)];
      const yy = square(code, y);
      store(code, address, quadratic(code, x, y, yy, first));
      store(code, other, quadratic(code, x, y, yy, second));
    });
  });
  module.add('product1', two, (code, { a, b, form }) => {
    const factor = code.keep('v128', v128.load64_splat(form, 8));
    eachPoint(code, a, (address) => {
      const other = code.keep('i32', i32.add(address, i32.sub(b, a)));
      const x = load(code, address);
      store(code, address, scaled(code, mul(code, x, load(code, other)), factor));
    });
  });
  module.add('square1', { a: 'i32', form: 'i32' }, (code, { a, form }) => {
    const factor = code.keep('v128', v128.load64_splat(form));
    eachPoint(code, a, (address) => {
      store(code, address, scaled(code, square(code, load(code, address)), factor));
    });
  });
}

function eachPoint(code: Code, row: Variable, body: (address: Variable) => void): void {
  const address = code.keep('i32', row);
  const end = code.keep('i32', i32.add(row, i32.const(ROW_BYTES)));
  code.repeatWhile(
    () => {
      body(address);
      code.set(address, i32.add(address, i32.const(PAIR_BYTES)));
    },
    () => i32.lt_u(address, end),
  );
}

// x (p x + q y) + r y^2
function quadratic(code: Code, x: Complex, y: Complex, yy: Complex, { p, q, r }: Form): Complex {
  const sum = {
    re: code.keep('v128', multiplyAdd(code, x.re, p, f64x2.mul(y.re, q))),
    im: code.keep('v128', multiplyAdd(code, x.im, p, f64x2.mul(y.im, q))),
  };
  const product = mul(code, x, sum);
  return {
    re: code.keep('v128', multiplyAdd(code, yy.re, r, product.re)),
    im: code.keep('v128', multiplyAdd(code, yy.im, r, product.im)),
  };
}

function scaled(code: Code, a: Complex, by: Expr): Complex {
  return { re: code.keep('v128', f64x2.mul(a.re, by)), im: code.keep('v128', f64x2.mul(a.im, by)) };
}

function loadForm(code: Code, address: Expr, offset: number): Form {
  const at = (index: number): Expr => code.keep('v128', v128.load64_splat(address, offset + 8 * index));
  return { p: at(0), q: at(1), r: at(2) };
}
