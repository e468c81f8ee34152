/** `process`: a commit survives kill -9. `power`: it survives power loss too, if the disk honours fsync. */
export type Durability = 'process' | 'power';
