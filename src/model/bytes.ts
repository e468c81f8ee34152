/** Bytes as they crossed the wire. Node's Buffer is one. */
export type Bytes = Uint8Array;
