import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell, temporaryDirectory } from './command.ts';

// util-linux's `script` gives a command a terminal.
const hasScript = spawnSync('sh', ['-c', 'script -qec true /dev/null']).status === 0;

async function onTerminal(line: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const command = `script -qec "stty cols 80; '$1' '$2' ${line}" /dev/null`;
  const { stdout } = await shell(command, { env: { SHELL: '/bin/sh', ...env } });
  return stdout.replaceAll('\r\n', '\n');
}

/** What is to be seen in the end: a line that was drawn over is gone. */
function seen(text: string): string[] {
  return text.split('\n').map((line) => line.split('\r').at(-1)?.replaceAll('\x1b[K', '') ?? '');
}

describe.skipIf(!hasScript)('on a terminal', () => {
  it('a result of up to 1,000 digits is whole', async () => {
    expect(await onTerminal('fib 100')).toBe('354224848179261915075\n');
  });

  it('a longer one is shown by its ends, with how to get all of it', async () => {
    const [ends, count, sha256, advice] = seen(await onTerminal('fib 1e6'));
    expect(ends).toMatch(/^1953282128707757731632\d+ \.\.\. \d+68996526838242546875$/);
    expect(count).toBe('208,988 digits');
    expect(sha256).toBe('SHA-256 aef6e8c19df607aa07940f2abde8460d1b34c18df1a6f46b5fc04dfe9be51706');
    expect(advice).toContain('-o FILE');
  });

  it('the JSON of a longer one leaves the value out', async () => {
    const line = seen(await onTerminal('fib 1e5 --json'))[0] ?? '';
    expect(JSON.parse(line)).toMatchObject({ digits: 20_899 });
    expect(JSON.parse(line)).not.toHaveProperty('value');
    expect(JSON.parse(seen(await onTerminal('fib 10 --json'))[0] ?? '')).toMatchObject({ value: '55' });
  });

  it('a bar shows the phases while one waits, and is gone when the result appears', async () => {
    const text = await onTerminal('fib 1e7', { NO_COLOR: '1', MEMOPOOL_WASM: 'off' }); // V8 takes longer
    expect(text).toMatch(/\r\[====\|====\|[ >]{4}\| {4}\| {4}\] convert, \d s left, \d\.\d s so far/);
    expect(text.replaceAll('\x1b[K', '')).not.toContain('\x1b'); // no colors
    expect(seen(text)[0]).toMatch(/^11298343\d+ \.\.\. /);
  });

  it('a file that was written is named on stderr', async () => {
    const directory = temporaryDirectory();
    const lines = seen(await onTerminal(`fib 1e5 -o ${directory}/f`));
    expect(lines[0]).toMatch(/^memopool: wrote 20,899 digits to .*\/f \(\d+\.\d s\)\.$/);
    expect(readFileSync(join(directory, 'f'), 'utf8')).toHaveLength(20_900);
  });
});
