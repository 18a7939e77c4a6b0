import { setFlagsFromString } from 'node:v8';

// A thousand connections at once would grow the young generation to 64 MiB, for no gain: bytes do not live in the heap.
setFlagsFromString('--semi-space-growth-factor=1');
// To give memory back, V8 compacts the whole heap in one pause of 25 to 35 ms, and a server needs that memory again.
setFlagsFromString('--no-memory-reducer');

/**
 * Threads for calls of the file system. With Node's four, the fsyncs of four pushes hold up all reads. libuv looks
 * at this when it first needs a thread, so it must be set before any such call (docs.libuv.org/en/v1.x/threadpool.html).
 */
process.env.UV_THREADPOOL_SIZE ??= '16';
