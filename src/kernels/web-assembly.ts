// What the kernels use of WebAssembly: Node's types leave it out.

/** Memory that threads share. */
export interface SharedMemory {
  /** Another one after each growth. */
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB. @throws RangeError beyond its maximum, or when there is no more memory */
  grow(pages: number): number;
}

/** A compiled module; threads share it by messages. */
export type CompiledModule = object;

interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => CompiledModule;
  readonly Instance: new (
    module: CompiledModule,
    imports: { readonly env: { readonly memory: SharedMemory } },
  ) => { readonly exports: object };
}

export const webAssembly: WebAssemblyApi = Reflect.get(globalThis, 'WebAssembly') as WebAssemblyApi;

export const PAGE_BYTES = 65_536;

/** What 32-bit addresses reach, in pages. */
export const MOST_PAGES = 65_535;
