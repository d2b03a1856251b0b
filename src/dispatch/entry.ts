// Which files a worker thread starts with: the built ones, or the sources where Node strips types or behind tsx where it
// does not. Worker files are named by URL only, so that nothing of theirs loads here.

export interface Entry {
  /** What piscina loads. */
  readonly file: URL;
  /** The module that computes, which the entry imports. */
  readonly compute: URL;
  /** Whether the entry must register tsx first. */
  readonly needsTsx: boolean;
}

/** @param thread which of the threads' modules */
export function findEntry(thread: 'compute' | 'memo-trial' = 'compute'): Entry {
  const ownUrl = import.meta.url;
  const isSource = ownUrl.endsWith('.ts');
  return {
    file: new URL('../../workers/entry.cjs', ownUrl),
    compute: new URL(`../../workers/${thread}.${isSource ? 'ts' : 'js'}`, ownUrl),
    needsTsx: isSource && !stripsTypes(),
  };
}

function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}
