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

export function findEntry(ownUrl: string = import.meta.url, strips: boolean = stripsTypes()): Entry {
  const isSource = ownUrl.endsWith('.ts');
  return {
    file: new URL('../../workers/entry.cjs', ownUrl),
    compute: new URL(`../../workers/compute.${isSource ? 'ts' : 'js'}`, ownUrl),
    needsTsx: isSource && !strips,
  };
}

function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}
