/**
 * Threads for calls of the file system. With Node's four, the fsyncs of four pushes hold up all reads. libuv looks
 * at this when it first needs a thread, so it must be set before any such call (docs.libuv.org/en/v1.x/threadpool.html).
 */
process.env.UV_THREADPOOL_SIZE ??= '16';
