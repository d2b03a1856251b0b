// Functions of a WebAssembly module, written as expressions and statements. What is written first comes first in the
// code: the order of loads and stores is the author's.
import { Bytes } from './bytes.ts';

export type Type = 'i32' | 'i64' | 'f64' | 'v128';

const TYPE_CODES: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };

/** A value that is computed where it is used; {@link Code.keep} computes it once. */
export interface Expr {
  emit(to: Bytes): void;
}

/** A local variable. */
export class Variable implements Expr {
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
  }

  emit(to: Bytes): void {
    to.byte(0x20).unsigned(this.#index);
  }

  assign(value: Expr, to: Bytes): void {
    value.emit(to);
    to.byte(0x21).unsigned(this.#index);
  }
}

/** The instruction of the given bytes, after its operands. */
export function instruction(codes: readonly number[], ...operands: readonly Expr[]): Expr {
  return {
    emit: (to) => {
      for (const operand of operands) operand.emit(to);
      to.byte(...codes);
    },
  };
}

/** An instruction of the vector extension. */
export function vector(code: number, ...operands: readonly Expr[]): Expr {
  return instruction([0xfd, ...leb(code)], ...operands);
}

function leb(value: number): readonly number[] {
  return [...new Bytes().unsigned(value).toUint8Array()];
}

export type Parameters = Readonly<Record<string, Type>>;
export type Arguments<P extends Parameters> = { readonly [Name in keyof P]: Variable };

/** The body of one function. */
export class Code {
  /** Whether there are products with a sum in one instruction. */
  readonly isFused: boolean;
  readonly #body = new Bytes();
  readonly #locals: Type[] = [];
  readonly #parameterCount: number;

  constructor(parameterCount: number, isFused = false) {
    this.#parameterCount = parameterCount;
    this.isFused = isFused;
  }

  variable(type: Type): Variable {
    this.#locals.push(type);
    return new Variable(this.#parameterCount + this.#locals.length - 1);
  }

  set(variable: Variable, value: Expr): void {
    variable.assign(value, this.#body);
  }

  /** Computes `value` here, for any number of uses. */
  keep(type: Type, value: Expr): Variable {
    const variable = this.variable(type);
    this.set(variable, value);
    return variable;
  }

  /** Of an instruction that leaves nothing, as a store. */
  run(statement: Expr): void {
    statement.emit(this.#body);
  }

  /** Repeats `body`, at least once, while `condition` holds after it. */
  repeatWhile(body: () => void, condition: () => Expr): void {
    this.#body.byte(0x03, 0x40);
    body();
    condition().emit(this.#body);
    this.#body.byte(0x0d, 0x00, 0x0b);
  }

  if(condition: Expr, body: () => void): void {
    condition.emit(this.#body);
    this.#body.byte(0x04, 0x40);
    body();
    this.#body.byte(0x0b);
  }

  /** Leaves a result on the stack: the last thing of a function that has one. */
  result(value: Expr): void {
    value.emit(this.#body);
  }

  toBytes(): Bytes {
    const bytes = new Bytes().unsigned(this.#locals.length);
    for (const type of this.#locals) bytes.byte(1, TYPE_CODES[type]);
    return bytes.append(this.#body).byte(0x0b);
  }
}

interface Func {
  readonly name: string;
  readonly type: Bytes;
  readonly code: Code;
}

const FUNCTION = 0x00;
const SECTIONS = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** A module that imports a shared memory as `env.memory` and exports functions. */
export class Module {
  readonly #functions: Func[] = [];
  readonly #mostPages: number;
  readonly #isFused: boolean;

  /**
   * @param mostPages of 64 KiB, the maximum that the imported memory declares
   * @param isFused whether to use relaxed vector instructions, which not every engine has
   */
  constructor(mostPages: number, isFused = false) {
    this.#mostPages = mostPages;
    this.#isFused = isFused;
  }

  /** Adds an exported function; `body` writes its code. */
  add<P extends Parameters>(
    name: string,
    parameters: P,
    body: (code: Code, args: Arguments<P>) => void,
    result?: Type,
  ): void {
    const types = Object.values(parameters);
    const code = new Code(types.length, this.#isFused);
    const args = Object.fromEntries(Object.keys(parameters).map((key, i) => [key, new Variable(i)]));
    body(code, args as Arguments<P>);
    const type = new Bytes().byte(0x60).unsigned(types.length);
    for (const each of types) type.byte(TYPE_CODES[each]);
    if (result === undefined) type.byte(0);
    else type.byte(1, TYPE_CODES[result]);
    this.#functions.push({ name, type, code });
  }

  toUint8Array(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const count = functions.length;
    const types = new Bytes().unsigned(count);
    const indices = new Bytes().unsigned(count);
    const names = new Bytes().unsigned(count);
    const codes = new Bytes().unsigned(count);
    for (const [index, { name, type, code }] of functions.entries()) {
      types.append(type);
      indices.unsigned(index);
      names.name(name).byte(FUNCTION).unsigned(index);
      codes.sized(code.toBytes());
    }
    // Limits of a shared memory: flag 3, and both bounds.
    const memory = new Bytes().unsigned(1).name('env').name('memory').byte(0x02, 0x03);
    memory.unsigned(1).unsigned(this.#mostPages);
    return new Bytes()
      .byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
      .byte(SECTIONS.type)
      .sized(types)
      .byte(SECTIONS.import)
      .sized(memory)
      .byte(SECTIONS.function)
      .sized(indices)
      .byte(SECTIONS.export)
      .sized(names)
      .byte(SECTIONS.code)
      .sized(codes)
      .toUint8Array();
  }
}
