import { setFlagsFromString } from 'node:v8';

// A thousand connections at once would grow the young generation to 64 MiB, for no gain: bytes do not live in the heap.
setFlagsFromString('--semi-space-growth-factor=1');
// To give memory back, V8 compacts the whole heap in one pause of 25 to 35 ms, and a server needs that memory again.
setFlagsFromString('--no-memory-reducer');
