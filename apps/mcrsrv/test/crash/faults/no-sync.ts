// Loaded before the server: no file and no directory is ever synced, and the server is told that they were.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const pretend = (_fd: number, done: () => void): void => void setImmediate(done);
Object.assign(fs, { fsync: pretend, fdatasync: pretend });
syncBuiltinESMExports();
