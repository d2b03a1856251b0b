// The module of the kernels as the text of a TypeScript file.
import { transformModule } from './transform.ts';

const LINE_LENGTH = 100;

export function moduleSource(): string {
  return [
    '// Made by `npm run kernels` from src/kernels/assembly: the WebAssembly module of the kernels, in base64; and the same',
    '// with the relaxed vector instructions that newer engines have.',
    'const PLAIN = `',
    ...linesOf(transformModule(false)),
    '`;',
    '',
    'const FUSED = `',
    ...linesOf(transformModule(true)),
    '`;',
    '',
    'export function moduleBytes(isFused: boolean): Uint8Array<ArrayBuffer> {',
    "  return new Uint8Array(Buffer.from(isFused ? FUSED : PLAIN, 'base64'));",
    '}',
    '',
  ].join('\n');
}

function linesOf(bytes: Uint8Array): readonly string[] {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? []
  );
}
