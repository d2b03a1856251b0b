// The system's own words for its error: `no space left on device`.
import { getSystemErrorMap } from 'node:util';

export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return getSystemErrorMap().get(errno ?? 0)?.[1] ?? message;
}
