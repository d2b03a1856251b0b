// Which file a worker thread starts with: the built one, the source where Node strips types, or the source
// behind tsx where it does not. Worker files are named by URL only, so that nothing of theirs loads here.

/** The thread's entry file. */
export function entryFile(): URL {
  return new URL(`../../workers/${entryName(import.meta.url, stripsTypes())}`, import.meta.url);
}

export function entryName(ownUrl: string, strips: boolean): string {
  if (!ownUrl.endsWith('.ts')) return 'compute.js';
  return strips ? 'compute.ts' : 'from-source.mjs';
}

function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}
