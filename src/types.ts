// The shapes that travel through the whole project.

/** How a function's bigint result is delivered; other results have no form. */
export type ResultForm = 'bigint' | 'decimal' | 'hex' | 'bytes' | 'handle' | 'digits';

export const RESULT_FORMS: readonly ResultForm[] = ['bigint', 'decimal', 'hex', 'bytes', 'handle', 'digits'];

/** Where a call stands: waiting for a worker, or what the worker is doing for it. */
export type Phase = 'queue' | 'load' | 'compute' | 'convert' | 'encode';

// biome-ignore lint/suspicious/noExplicitAny: the widest function type that keeps a function's own signature
export type AnyFunction = (...args: any[]) => unknown;
