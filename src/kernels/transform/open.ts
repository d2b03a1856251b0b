// The module of the kernels, once a thread; and whether it may be used at all.

import { moduleBytes } from '../module.ts';
import type { ResidueFunctions } from '../residue.ts';
import { isSwitchedOff } from '../switch.ts';
import { type CompiledModule, MOST_PAGES, type SharedMemory, webAssembly } from '../web-assembly.ts';
import { Engine } from './engine.ts';
import type { KernelExports } from './thread.ts';

let compiled: CompiledModule | undefined;

/** Whether WebAssembly with vectors and shared memory is there, and not switched off. */
export function hasTransform(): boolean {
  if (isSwitchedOff) return false;
  try {
    compileOnce();
    return true;
  } catch {
    return false; // an engine that was started without it
  }
}

export function compileOnce(): CompiledModule {
  compiled ??= compile();
  return compiled;
}

// Products with a sum in one instruction take a fifth off; Node 20 has none.
function compile(): CompiledModule {
  const fused = moduleBytes(true);
  return new webAssembly.Module(webAssembly.validate(fused) ? fused : moduleBytes(false));
}

/** @param pages that it has from the start on; it can grow */
export function newMemory(pages = 1): SharedMemory {
  return new webAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
}

export function instantiate(memory: SharedMemory): KernelExports {
  return new webAssembly.Instance(compileOnce(), { env: { memory } }).exports as KernelExports;
}

/** The functions that reduce modulo so many primes at once. */
export function residueFunctions(exports: KernelExports, primes: number): ResidueFunctions {
  const residues = primes === 1 ? exports.residues1 : exports.residues2;
  return { residues, decimalDigits: exports.decimalDigits };
}

/** An engine of one thread, with memory of its own. */
export function openEngine(): Engine {
  const memory = newMemory();
  return new Engine(memory, instantiate(memory));
}
