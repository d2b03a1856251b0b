// What threads need to work together on big numbers, as it is sent from one to another.
import type { SharedMemory } from '../web-assembly.ts';

export interface Team {
  /** Of all the teams of a process its own. */
  readonly id: number;
  /** Of a {@link Board}. */
  readonly board: SharedArrayBuffer;
  /** Where the numbers are. */
  readonly memory: SharedMemory;
}
