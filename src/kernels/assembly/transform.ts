// The module of the kernels, made of its parts.
import { MOST_PAGES } from '../web-assembly.ts';
import { addCarry } from './carry.ts';
import { Module } from './code.ts';
import { addCombine } from './combine.ts';
import { addConvert } from './convert.ts';
import { addPasses } from './passes.ts';
import { addDecimalDigits, addResidues } from './residues.ts';
import { addRows } from './rows.ts';
import { addText } from './text.ts';

/** @param isFused whether with the relaxed vector instructions that newer engines have */
export function transformModule(isFused: boolean): Uint8Array<ArrayBuffer> {
  const module = new Module(MOST_PAGES, isFused);
  addPasses(module);
  addRows(module);
  addCombine(module);
  addCarry(module);
  addText(module);
  addConvert(module);
  addResidues(module, 1);
  addResidues(module, 2);
  addDecimalDigits(module);
  return module.toUint8Array();
}
