// What a process of the load tests holds on to, as load/meter.mjs measures it.
export interface Holding {
  readonly heapMb: number;
  readonly externalMb: number;
  readonly rssMb: number;
  readonly threads: number;
  readonly handles: number;
  readonly listeners: number;
}
