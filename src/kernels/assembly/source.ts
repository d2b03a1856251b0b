// The module of the kernels as the text of a TypeScript file.
import { transformModule } from './transform.ts';

const LINE_LENGTH = 100;

export function moduleSource(): string {
  const text = Buffer.from(transformModule()).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return [
    '// Made by `npm run kernels` from src/kernels/assembly: the WebAssembly module of the kernels, in base64.',
    'const TEXT = `',
    ...lines,
    '`;',
    '',
    'export function moduleBytes(): Uint8Array<ArrayBuffer> {',
    "  return new Uint8Array(Buffer.from(TEXT, 'base64'));",
    '}',
    '',
  ].join('\n');
}
