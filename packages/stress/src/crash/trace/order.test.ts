import { describe, expect, test } from 'vitest';
import { orderViolations } from './order.ts';
import { parseTrace } from './parse.ts';

const places = { layers: '/r/layers', uploads: '/r/uploads', database: '/r/mcr.db' };

const create = '7 openat(AT_FDCWD</r>, "/r/uploads/u", O_WRONLY|O_CREAT|O_EXCL, 0600) = 9</r/uploads/u>';
const write = '7 pwritev(9</r/uploads/u>, [{iov_base=""..., iov_len=5}], 1, 0) = 5';
const syncFile = '7 fsync(9</r/uploads/u>) = 0';
const syncUploads = '7 fsync(10</r/uploads>) = 0';
const makePrefix = '7 mkdir("/r/layers/sha256/ab", 0700) = 0';
const link = '7 link("/r/uploads/u", "/r/layers/sha256/ab/abcd") = 0';
const rename = '7 rename("/r/uploads/u", "/r/layers/sha256/ab/abcd") = 0';
const syncPrefix = '7 fsync(11</r/layers/sha256/ab>) = 0';
const syncParent = '7 fsync(12</r/layers/sha256>) = 0';
const log = '5 pwrite64(4</r/mcr.db-wal>, ""..., 4096, 32) = 4096';
const syncLog = '5 fdatasync(4</r/mcr.db-wal>) = 0';
const response = '5 write(28<TCP:[127.0.0.1:8443->127.0.0.1:38968]>, ""..., 343) = 343';
const unlink = '7 unlink("/r/layers/sha256/ab/abcd") = 0';
const unlinkUpload = '7 unlink("/r/uploads/u") = 0';
const linkBetween = '7 link("/r/uploads/u", "/r/uploads/between") = 0';
const renameBetween = '7 rename("/r/uploads/between", "/r/layers/sha256/ab/abcd") = 0';

const begin = [create, write, syncUploads, syncFile];
const end = [syncPrefix, syncParent, log, syncLog, unlinkUpload, response];
const push = [...begin, makePrefix, link, ...end];

const without = (...left: readonly string[]) => push.filter((line) => !left.includes(line));
const found = (lines: readonly string[]) => orderViolations(parseTrace(lines.join('\n')), places);
const check = (lines: readonly string[]) => found(lines).map(({ text }) => text);

describe('the order of system calls', () => {
  test('of a push that syncs everything before the response has no fault', () => {
    expect(check(push)).toEqual([]);
    expect(check([...begin, makePrefix, rename, ...end])).toEqual([]);
    expect(check([...begin, linkBetween, renameBetween, ...end])).toEqual([]);
  });

  test('of a frame that is no response does not matter', () => {
    const frame = '5 write(28<TCP:[127.0.0.1:8443->127.0.0.1:38968]>, ""..., 31)              = 31';
    expect(
      check([...begin, makePrefix, link, syncPrefix, syncParent, log, frame, syncLog, unlinkUpload, response]),
    ).toEqual([]);
    expect(check([log, frame, response])).toHaveLength(1);
  });

  test('says after how many responses', () => {
    expect(found([log, response, log, syncLog, response, log, response]).map(({ after }) => after)).toEqual([0, 2]);
  });

  test('says what only the log of the database lacks', () => {
    const ahead = (lines: readonly string[]) => found(lines).map(({ aheadOfLog }) => aheadOfLog);
    expect(ahead(without(syncLog))).toEqual(['response']);
    expect(ahead([log, unlink, syncLog, response])).toEqual(['removal']);
    expect(ahead(without(syncParent, syncFile))).toEqual([undefined, undefined]);
  });

  test.each<[string, readonly string[], string]>([
    ['a link before the sync', without(syncFile), 'uploads/u is linked before its bytes are synced'],
    ['a rename before the sync', [create, write, syncUploads, rename, syncPrefix], 'uploads/u is renamed before'],
    [
      'a response before the sync of what took the place of a blob',
      [...begin, linkBetween, renameBetween, response],
      'the entries of layers/sha256/ab are synced',
    ],
    ['a response before the sync of the directory', without(syncPrefix), 'the entries of layers/sha256/ab are synced'],
    ['a response before the sync of its parent', without(syncParent), 'the entries of layers/sha256 are synced'],
    [
      'a response before the sync of the name of an upload',
      [create, write, syncFile, response],
      'the entries of uploads',
    ],
    ['a response before the sync of an upload', [create, write, syncUploads, response], 'before uploads/u is synced'],
    ['a response before the sync of the log', without(syncLog), 'before mcr.db-wal is synced'],
    ['a sync of the log after the response', [...without(syncLog), syncLog], 'before mcr.db-wal is synced'],
    [
      'a sync that failed',
      [...without(syncLog, response), syncLog.replace('= 0', '= -1 EIO (Input/output error)'), response],
      'mcr.db-wal',
    ],
    ['a write after the sync', [create, write, syncUploads, syncFile, write, rename], 'uploads/u is renamed before'],
    [
      'a removal that the log may not have',
      [log, unlink, syncLog, response],
      'sha256/ab/abcd is removed before the database',
    ],
  ])('shows %s', (_name, lines, fault) => {
    expect(check(lines).join('\n')).toContain(fault);
    expect(check(lines)).toHaveLength(1);
  });

  test('does not count a sync that had begun before the write', () => {
    const early = [
      '7 fsync(9</r/uploads/u> <unfinished ...>',
      '8 pwrite64(9</r/uploads/u>, ""..., 5, 0) = 5',
      '7 <... fsync resumed>) = 0',
    ];
    expect(check([...early, rename])).toEqual(['uploads/u is renamed before its bytes are synced']);
    expect(check([...early, syncFile, rename])).toEqual([]);
  });

  test('does not count a sync that never returned', () => {
    expect(check([create, write, syncUploads, '7 fsync(9</r/uploads/u> <unfinished ...>', rename])).toHaveLength(1);
    expect(check([create, write, syncUploads, '7 fsync(9</r/uploads/u>) = ?', rename])).toHaveLength(1);
  });

  test('lets an upload begin whose empty file a crash may take away', () => {
    expect(check([create, log, syncLog, response])).toEqual([]);
  });

  const failed = '6 fsync(5</r/mcr.db>) = -1 EIO (Input/output error) (INJECTED)';
  const copy = '6 pwrite64(5</r/mcr.db>, ""..., 4096, 8192) = 4096';
  const syncDatabase = '6 fsync(5</r/mcr.db>) = 0';
  const header = '5 pwrite64(4</r/mcr.db-wal>, ""..., 32, 0) = 32';

  test('of a checkpoint that works has no fault, nor has what a failed one leaves in the log', () => {
    expect(check([log, syncLog, copy, syncDatabase, header, log, syncLog, response])).toEqual([]);
    expect(check([log, syncLog, copy, failed, log, syncLog, response])).toEqual([]);
  });

  test('of a checkpoint by a thread that opens the database only now has no fault', () => {
    const open = ['mcr.db', 'mcr.db-wal'].map(
      (name) => `6 openat(AT_FDCWD</r>, "/r/${name}", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 12</r/${name}>`,
    );
    expect(check([...open, log, syncLog, copy, response, syncDatabase])).toEqual([]);
  });

  test('shows a log that begins anew while its pages may not be in the database', () => {
    expect(check([log, syncLog, copy, response, header])).toEqual(['mcr.db-wal begins anew before mcr.db is synced']);
  });

  test.each([
    ['copies pages', copy, 'mcr.db is written after a sync of it failed'],
    ['syncs again', syncDatabase, 'mcr.db is synced after a sync of it failed'],
    ['overwrites the log', header, 'mcr.db-wal begins anew after a sync of mcr.db failed'],
  ])('shows a server that %s after a checkpoint failed', (_, line, fault) => {
    expect(check([log, syncLog, copy, failed, line])).toEqual([fault]);
  });

  test('is no one else’s', () => {
    const others = ['5 write(1<UNIX-STREAM:[1->2]>, ""..., 5) = 5', '5 pwrite64(3</r/layers-old/x>, ""..., 5, 0) = 5'];
    expect(check([...others, response])).toEqual([]);
  });
});
