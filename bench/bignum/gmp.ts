// GMP's driver, compiled into a temporary folder, where there is a compiler and GMP.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../peers/bignum/gmp.c', import.meta.url));

/** The program's path; undefined, with what is missing said on stderr, where it cannot be made. */
export function compileGmp(folder: string): string | undefined {
  const program = join(folder, 'gmp');
  const { status, stderr, error } = spawnSync('cc', ['-O2', SOURCE, '-lgmp', '-o', program], {
    encoding: 'utf8',
  });
  if (status === 0) return program;
  const reason = error?.message ?? stderr.split('\n').find((line) => line.includes('error')) ?? stderr;
  console.error(`GMP is left out, because its driver could not be compiled: ${reason.trim()}`);
  console.error('It takes a C compiler and the headers of GMP; on Debian: apt-get install gcc libgmp-dev\n');
  return undefined;
}
