// Loaded before the server: what MCR_TEST_WITHOUT_SYNC names, files, directories or both, is never synced, and the
// server is told that it was. The database is left alone.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Done = (error: NodeJS.ErrnoException | null) => void;

const left = process.env['MCR_TEST_WITHOUT_SYNC'] ?? '';

function pretending(sync: (fd: number, done: Done) => void) {
  return (fd: number, done: Done): void => {
    const kind = fs.fstatSync(fd).isDirectory() ? 'directories' : 'files';
    const isDatabase = fs.readlinkSync(`/proc/self/fd/${fd}`).endsWith('.db-wal');
    if (left.includes(kind) && !isDatabase) setImmediate(done, null);
    else sync(fd, done);
  };
}

Object.assign(fs, { fsync: pretending(fs.fsync), fdatasync: pretending(fs.fdatasync) });
syncBuiltinESMExports();
