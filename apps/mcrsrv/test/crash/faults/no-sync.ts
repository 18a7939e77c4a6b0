// Loaded before the server: no file and no directory is ever synced, and the server is told that they were.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Sync = typeof fs.fsync;

const pretend = ((_fd: number, done: () => void) => setImmediate(done)) as Sync;
fs.fsync = pretend;
fs.fdatasync = pretend;
syncBuiltinESMExports();
