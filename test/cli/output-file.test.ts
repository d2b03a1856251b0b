import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/cli/failure.ts';
import { OutputFile } from '../../src/cli/output-file.ts';
import { temporaryDirectory } from './command.ts';

const ALIVE = new AbortController().signal;

describe('the file of -o', () => {
  it('appears whole when it is committed, and nothing else is left', async () => {
    const directory = temporaryDirectory();
    const file = await OutputFile.open(join(directory, 'f'), { force: false, signal: ALIVE });
    await file.write('12');
    await file.write('34\n');
    expect(readdirSync(directory)).not.toContain('f');
    await file.commit();
    await file.close();
    expect(readdirSync(directory)).toEqual(['f']);
    expect(readFileSync(join(directory, 'f'), 'utf8')).toBe('1234\n');
  });

  it('leaves nothing when it is closed before', async () => {
    const directory = temporaryDirectory();
    const file = await OutputFile.open(join(directory, 'f'), { force: false, signal: ALIVE });
    await file.write('12');
    await file.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is removed in the same turn in which its signal is aborted', async () => {
    const directory = temporaryDirectory();
    const controller = new AbortController();
    const file = await OutputFile.open(join(directory, 'f'), { force: false, signal: controller.signal });
    await file.write('12');
    controller.abort();
    expect(readdirSync(directory)).toEqual([]);
    await expect(file.commit()).rejects.toThrow();
    await file.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('never replaces what is there, not even what came while it was written', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'f');
    const file = await OutputFile.open(path, { force: false, signal: ALIVE });
    await file.write('new');
    writeFileSync(path, 'old');
    await expect(file.commit()).rejects.toThrow('exists already');
    await file.close();
    await expect(OutputFile.open(path, { force: false, signal: ALIVE })).rejects.toThrow(Failure);
    expect(readdirSync(directory)).toEqual(['f']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('replaces by force, keeps the permissions, and leaves a link a link', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'f');
    writeFileSync(path, 'old', { mode: 0o640 });
    symlinkSync('f', join(directory, 'link'));
    const file = await OutputFile.open(join(directory, 'link'), { force: true, signal: ALIVE });
    await file.write('new');
    await file.commit();
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(directory).sort()).toEqual(['f', 'link']);
  });

  it('is refused at once where it cannot be', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'sub'));
    writeFileSync(join(directory, 'f'), '');
    const open = (name: string) => OutputFile.open(join(directory, name), { force: true, signal: ALIVE });
    await expect(open('sub')).rejects.toThrow('is a directory');
    await expect(open('missing/f')).rejects.toThrow(`there is no directory ${join(directory, 'missing')}`);
    await expect(open('f/g')).rejects.toThrow('not a directory');
    await expect(OutputFile.open('/dev/null', { force: true, signal: ALIVE })).rejects.toThrow(
      'no regular file',
    );
    expect(readdirSync(directory).sort()).toEqual(['f', 'sub']);
  });
});
