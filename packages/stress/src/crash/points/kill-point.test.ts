import { expect, test } from 'vitest';
import { Random } from '../../random.ts';
import { parseTrace } from '../trace/parse.ts';
import { killPointsIn } from './kill-point.ts';
import { sample } from './sample.ts';

const trace = `
5 openat(AT_FDCWD</r>, "/r/mcr.db", O_RDONLY) = 3</r/mcr.db>
7 openat(AT_FDCWD</r>, "/r/uploads/u", O_WRONLY|O_CREAT|O_EXCL, 0600) = 9</r/uploads/u>
7 write(19<anon_inode:[eventfd]>, ""..., 8) = 8
5 pwrite64(4</r/mcr.db-wal>, ""..., 24, 32) = 24
8 write(2</dev/pts/0>, ""..., 5) = 5
5 write(1<UNIX-STREAM:[1->2]>, ""..., 293) = 293
5 pwrite64(4</r/mcr.db-wal>, ""..., 4096, 56) = 4096
5 write(28<TCP:[127.0.0.1:8443->127.0.0.1:38968]>, ""..., 343) = 343`;

test('a kill point is each call that changes a file or sends a response, counted as strace counts: by thread and name', () => {
  expect(killPointsIn(parseTrace(trace), [{ main: 5, worker: 7 }], '/r')).toEqual([
    { thread: 'worker', call: 'openat', nth: 1, about: 'u' },
    { thread: 'main', call: 'pwrite64', nth: 1, about: 'mcr.db-wal' },
    { thread: 'main', call: 'pwrite64', nth: 2, about: 'mcr.db-wal' },
    { thread: 'main', call: 'write', nth: 2, about: 'the response' },
  ]);
});

test('a sample has one item of each stretch, in order, the same for the same seed', () => {
  const items = Array.from({ length: 100 }, (_, n) => n);
  const chosen = sample(items, 10, new Random('a'));
  expect(chosen.map((n) => Math.floor(n / 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sample(items, 10, new Random('a'))).toEqual(chosen);
  expect(sample(items, 100, new Random('a'))).toEqual(items);
});
