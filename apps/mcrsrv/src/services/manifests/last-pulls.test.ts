import { digestOf, parseRepositoryName, parseTag } from '@mcr/core';
import type { Pull } from '@mcr/db';
import pino from 'pino';
import { expect, test } from 'vitest';
import type { Caller } from '../caller.ts';
import { LastPulls } from './last-pulls.ts';

const repository = parseRepositoryName('team/app');
const digest = digestOf('image');
const tag = parseTag('v1');
const caller = (username: string): Caller => ({
  principal: { id: username, username, accountType: 'human', roles: [] },
  ip: '192.0.2.1',
  expiresAt: 0,
  requestId: 'x',
});

/** What notes pulls, with what it has written, group by group; a write waits for `gate`, and fails where that rejects. */
function open(gate: () => Promise<void> = async () => {}) {
  const written: (readonly Pull[])[] = [];
  const lines: string[] = [];
  let at = 0;
  const store = {
    async notePulls(pulls: readonly Pull[]) {
      await gate();
      written.push(pulls);
    },
  };
  const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const pulls = new LastPulls({ store, clock: { now: () => ++at }, log });
  return { pulls, written, lines };
}

test('many pulls of one tag are one row, the last of them', async () => {
  const { pulls, written } = open();
  for (const name of ['ann', 'bob', 'cid']) pulls.note(caller(name), { repository, digest, tag });
  pulls.note(caller('dan'), { repository, digest, tag: undefined });
  await pulls.flush();
  expect(written).toEqual([
    [
      { repository, digest, tag, at: 3, by: 'cid' },
      { repository, digest, at: 4, by: 'dan' },
    ],
  ]);
  await pulls.flush();
  expect(written).toHaveLength(1);
});

test('pulls are written without a flush, and those that come during a write wait for the next one', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { pulls, written } = open(async () => {
    begun.resolve();
    await gate.promise;
  });
  pulls.note(caller('ann'), { repository, digest, tag });
  await begun.promise;
  pulls.note(caller('bob'), { repository, digest, tag });
  expect(written).toEqual([]);
  gate.resolve();
  await expect
    .poll(() => written.map((group) => group.map(({ by }) => by)), { timeout: 20_000 })
    .toEqual([['ann'], ['bob']]);
});

test('a flush waits for the write that is under way', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { pulls, written } = open(async () => {
    begun.resolve();
    await gate.promise;
  });
  pulls.note(caller('ann'), { repository, digest, tag });
  await begun.promise;
  pulls.note(caller('bob'), { repository, digest, tag });
  const flushed = pulls.flush();
  gate.resolve();
  await flushed;
  expect(written.flat().map(({ by }) => by)).toEqual(['ann', 'bob']);
});

test('what is held between two writes has a bound', async () => {
  const { pulls, written } = open();
  for (let n = 0; n < 10_050; n++) {
    pulls.note(caller('ann'), { repository, digest: digestOf(`image ${n}`), tag: undefined });
  }
  pulls.note(caller('bob'), { repository, digest: digestOf('image 0'), tag: undefined });
  await pulls.flush();
  expect(written[0]).toHaveLength(10_000);
  expect(written[0]?.[0]).toMatchObject({ digest: digestOf('image 0'), by: 'bob' });
});

test('a write that fails is logged, and neither stops the next one nor the process', async () => {
  let fails = true;
  const { pulls, written, lines } = open(async () => {
    if (fails) throw new Error('disk full');
  });
  pulls.note(caller('ann'), { repository, digest, tag });
  await pulls.flush();
  expect(lines.join('')).toContain('the times of the last pulls were not written');
  fails = false;
  pulls.note(caller('bob'), { repository, digest, tag });
  await pulls.flush();
  expect(written.flat()).toMatchObject([{ by: 'bob' }]);
});
