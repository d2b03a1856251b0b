// Every example runs and prints what its comments say; every block of the README is one of them, to the letter.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

function read(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

const examples = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|mjs)$/.test(name))
  .map((name) => `examples/${name}`);

/** What stands behind `// ` on the lines that print, and in the comments at the very end. */
function promisedOutput(example: string): string[] {
  const text = read(example);
  const beside = text
    .split('\n')
    .flatMap((line) => /^\s*console\.log\(.*\); \/\/ (.*)$/.exec(line)?.[1] ?? []);
  const atTheEnd = /(?:^\/\/ .*\n)+$/m.exec(text.slice(text.lastIndexOf('}\n') + 1))?.[0] ?? '';
  return [...beside, ...atTheEnd.split('\n').flatMap((line) => /^\/\/ (.*)$/.exec(line)?.[1] ?? [])];
}

describe('examples', () => {
  const programs = examples.filter((example) => promisedOutput(example).length > 0);

  test.each(programs)('%s prints what its comments say', async (example) => {
    // Loaders of the test runner must not reach the example: it runs as a user would run it.
    const { stdout } = await run(process.execPath, ['--import', 'tsx', example], { cwd: root });
    expect(stdout.trimEnd().split('\n')).toEqual(promisedOutput(example));
  });

  test('there are programs among them', () => {
    expect(programs.length).toBeGreaterThan(5);
  });
});

describe('README', () => {
  const readme = read('README.md');
  const blocks = [...readme.matchAll(/<!-- (examples\/\S+) -->\n```(?:ts|js)\n([\s\S]*?)```/g)];

  test('every TypeScript block is a file of examples/', () => {
    expect(blocks).toHaveLength([...readme.matchAll(/```(ts|js)\n/g)].length);
  });

  test.each(blocks.map(([, file, code]) => [file ?? '', code ?? '']))(
    '%s stands in it to the letter',
    (file, code) => {
      expect(code).toBe(read(file));
    },
  );

  test('every file it links to exists', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g)].map(
      (match) => match[1] ?? '',
    );
    for (const link of links) expect(() => readFileSync(`${root}${link}`), link).not.toThrow(/ENOENT/);
  });

  const commands = [...readme.matchAll(/^\$ (npx memopool .*)\n((?:(?!\$ |```).*\n)*)/gm)];

  test.each(commands.map(([, command, output]) => [command ?? '', output ?? '']))(
    '`%s` prints what it says',
    async (command, output) => {
      const line = command.replaceAll('npx memopool', `'${process.execPath}' dist/src/cli/main.js`);
      const { stdout } = await run('sh', ['-c', line], { cwd: root });
      expect(stdout).toBe(output);
    },
  );

  test('every error code has a row in its table', () => {
    const codes = [...read('src/errors.ts').matchAll(/\| '(ERR_\w+)'/g)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) expect(readme).toContain(`| \`${code}\` |`);
  });
});
