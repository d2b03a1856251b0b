// What threads need to work together on big numbers, as it is sent from one to another.
//
// The main thread brings them together, and is to have no part in the memory of the numbers: it would be kept until the
// main thread, too, collects its garbage. So that memory waits in ports, which the main thread hands on unread.
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { SharedMemory } from '../web-assembly.ts';

export interface Team {
  /** Of all the teams of a process its own. */
  readonly id: number;
  /** Of a {@link Board}. */
  readonly board: SharedArrayBuffer;
}

/** A port in which the memory of a team's numbers waits for one helper. */
export type Invitation = MessagePort;

export function invite(memory: SharedMemory): Invitation {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(memory);
  port1.close();
  return port2;
}

/** The memory that an invitation is to; an invitation can be taken once. */
export function accept(invitation: Invitation): SharedMemory | undefined {
  const memory = receiveMessageOnPort(invitation)?.message as SharedMemory | undefined;
  invitation.close();
  return memory;
}
