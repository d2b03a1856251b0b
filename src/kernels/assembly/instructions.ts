// The instructions that the kernels use, by the names of the specification.
// Source: WebAssembly Core Specification 2.0, section 5.4, "Instructions".
import { Bytes } from './bytes.ts';
import { type Code, type Expr, instruction, vector } from './code.ts';

type Unary = (a: Expr) => Expr;
type Binary = (a: Expr, b: Expr) => Expr;
type Load = (address: Expr, offset?: number) => Expr;
type Store = (address: Expr, value: Expr, offset?: number) => Expr;

const binary =
  (code: number) =>
  (a: Expr, b: Expr): Expr =>
    instruction([code], a, b);
const unary =
  (code: number) =>
  (a: Expr): Expr =>
    instruction([code], a);
const vectorBinary =
  (code: number) =>
  (a: Expr, b: Expr): Expr =>
    vector(code, a, b);
const vectorUnary =
  (code: number) =>
  (a: Expr): Expr =>
    vector(code, a);

function constant(code: number, fill: (to: Bytes) => void): Expr {
  return {
    emit: (to) => {
      to.byte(code);
      fill(to);
    },
  };
}

/** A memory access: `address + offset`, aligned to 2^alignment bytes at least where it matters for speed only. */
function access(codes: readonly number[], alignment: number) {
  return (address: Expr, offset = 0, value?: Expr): Expr => {
    const tail = [...new Bytes().unsigned(alignment).unsigned(offset).toUint8Array()];
    return instruction([...codes, ...tail], address, ...(value === undefined ? [] : [value]));
  };
}

function storing(codes: readonly number[], alignment: number) {
  const make = access(codes, alignment);
  return (address: Expr, value: Expr, offset = 0): Expr => make(address, offset, value);
}

export const i32 = {
  const: (value: number): Expr => constant(0x41, (to) => to.signed(value)),
  add: binary(0x6a) as Binary,
  sub: binary(0x6b) as Binary,
  mul: binary(0x6c) as Binary,
  and: binary(0x71) as Binary,
  or: binary(0x72) as Binary,
  shl: binary(0x74) as Binary,
  shr_u: binary(0x76) as Binary,
  lt_u: binary(0x49) as Binary,
  ge_s: binary(0x4e) as Binary,
  ne: binary(0x47) as Binary,
  eqz: unary(0x45) as Unary,
  load: access([0x28], 2) as Load,
  load8_u: access([0x2d], 0) as Load,
  store: storing([0x36], 2) as Store,
  store8: storing([0x3a], 0) as Store,
  trunc_sat_f64_s: (a: Expr): Expr => instruction([0xfc, 0x02], a),
  wrap_i64: unary(0xa7) as Unary,
  xor: binary(0x73) as Binary,
} as const;

export const i64 = {
  const: (value: bigint): Expr => constant(0x42, (to) => to.signed(value)),
  add: binary(0x7c) as Binary,
  sub: binary(0x7d) as Binary,
  mul: binary(0x7e) as Binary,
  and: binary(0x83) as Binary,
  or: binary(0x84) as Binary,
  shl: binary(0x86) as Binary,
  shr_s: binary(0x87) as Binary,
  shr_u: binary(0x88) as Binary,
  load: access([0x29], 3) as Load,
  extend_i32_s: unary(0xac) as Unary,
  extend_i32_u: unary(0xad) as Unary,
  load32_s: access([0x34], 2) as Load,
} as const;

export const f64 = {
  const: (value: number): Expr => constant(0x44, (to) => to.double(value)),
  add: binary(0xa0) as Binary,
  sub: binary(0xa1) as Binary,
  mul: binary(0xa2) as Binary,
  nearest: unary(0x9e) as Unary,
  load: access([0x2b], 3) as Load,
  store: storing([0x39], 3) as Store,
  convert_i32_s: unary(0xb7) as Unary,
} as const;

export const v128 = {
  load: access([0xfd, 0x00], 4) as Load,
  store: storing([0xfd, 0x0b], 4) as Store,
  load64_splat: access([0xfd, 0x0a], 3) as Load,
  load64_zero: access([0xfd, 0x5d], 3) as Load,
  xor: vectorBinary(0x51) as Binary,
  and: vectorBinary(0x4e) as Binary,
  or: vectorBinary(0x50) as Binary,
  any_true: vectorUnary(0x53) as Unary,
} as const;

/** The lanes of 64 bits that are picked of a and b, counted through both. */
export function shuffle64(a: Expr, b: Expr, first: number, second: number): Expr {
  const bytes = [first, second].flatMap((lane) => Array.from({ length: 8 }, (_, i) => 8 * lane + i));
  return instruction([0xfd, 0x0d, ...bytes], a, b);
}

/** The lanes of 32 bits that are picked of a and b, counted through both. */
export function shuffle32(a: Expr, b: Expr, lanes: readonly number[]): Expr {
  const bytes = lanes.flatMap((lane) => Array.from({ length: 4 }, (_, i) => 4 * lane + i));
  return instruction([0xfd, 0x0d, ...bytes], a, b);
}

export const f64x2 = {
  splat: vectorUnary(0x14) as Unary,
  abs: vectorUnary(0xec) as Unary,
  add: vectorBinary(0xf0) as Binary,
  sub: vectorBinary(0xf1) as Binary,
  mul: vectorBinary(0xf2) as Binary,
  pmax: vectorBinary(0xf7) as Binary,
  nearest: vectorUnary(0x94) as Unary,
  convert_low_i32x4_s: vectorUnary(0xfe) as Unary,
} as const;

export const i32x4 = {
  add: vectorBinary(0xae) as Binary,
  sub: vectorBinary(0xb1) as Binary,
  gt_s: vectorBinary(0x3b) as Binary,
  extract_lane: (a: Expr, lane: number): Expr => instruction([0xfd, 0x1b, lane], a),
  splat: vectorUnary(0x11) as Unary,
  /** Products of signed 16-bit lanes, added by pairs. */
  dot_i16x8_s: vectorBinary(0xba) as Binary,
} as const;

export const i64x2 = {
  splat: vectorUnary(0x12) as Unary,
  extract_lane: (a: Expr, lane: number): Expr => instruction([0xfd, 0x1d, lane], a),
  /** Both lanes by a number of bits, an i32. */
  shr_u: vectorBinary(0xcd) as Binary,
  add: vectorBinary(0xce) as Binary,
  /** Products of signed 32-bit lanes: of the two low ones, and of the two high ones. */
  extmul_low_i32x4_s: vectorBinary(0xdc) as Binary,
  extmul_high_i32x4_s: vectorBinary(0xdd) as Binary,
} as const;

export const i16x8 = {
  splat: vectorUnary(0x10) as Unary,
  narrow_i32x4_s: vectorBinary(0x85) as Binary,
  shr_u: vectorBinary(0x8d) as Binary,
  add: vectorBinary(0x8e) as Binary,
  mul: vectorBinary(0x95) as Binary,
} as const;

export const i8x16 = {
  splat: vectorUnary(0x0f) as Unary,
  gt_u: vectorBinary(0x28) as Binary,
  sub: vectorBinary(0x71) as Binary,
} as const;

/** Sets `bytes` bytes from `address` on to the low byte of `value`. */
export function memoryFill(address: Expr, value: Expr, bytes: Expr): Expr {
  return instruction([0xfc, 0x0b, 0x00], address, value, bytes);
}

/** a b + c, in one instruction where there is one. */
export function multiplyAdd(code: Code, a: Expr, b: Expr, c: Expr): Expr {
  return code.isFused ? vector(0x107, a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

/** c - a b, in one instruction where there is one. */
export function subtractProduct(code: Code, c: Expr, a: Expr, b: Expr): Expr {
  return code.isFused ? vector(0x108, a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
}
