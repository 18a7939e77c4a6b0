import { beforeAll, describe, expect, test } from 'vitest';
import { formsOf } from './_util/forms.ts';
import { Ledger } from './_util/ledger.ts';
import { type KeptProfile, useLocalAccounts } from './_util/local-accounts.ts';
import { useMcias } from './_util/mcias.ts';
import { basic } from './_util/visitor.ts';

/** Everything that programs, files and responses said while secrets were used, rightly and wrongly, at every transport. */
const ledger = new Ledger();
let profile: KeptProfile | undefined;

beforeAll(async () => {
  profile = await useLocalAccounts(ledger);
  await useMcias(ledger);
}, 120_000);

test('no password, token or cookie stands anywhere, in whatever encoding', () => {
  expect(ledger.leaks()).toEqual([]);
});

test('everything that is written was searched', () => {
  expect(ledger.places).toEqual(
    expect.arrayContaining([
      'bodies of responses',
      'headers of responses',
      'file names',
      'file mcr.db',
      'file mcr.db-wal',
      'metrics',
      'output of mcr-web',
      'output of mcrctl',
      'output of mcrsrv',
      'process titles and environments',
    ]),
  );
  expect(ledger.places.some((place) => place.startsWith('file snapshots/'))).toBe(true);
});

test('mcrctl keeps its token where only its owner can read it', () => {
  expect(profile?.text).toContain('"token"');
  expect(profile?.mode).toBe(0o600);
});

describe('the search', () => {
  test.each([...formsOf('gSecret/+ ö"%&Token').keys()])('finds a secret %s', (form) => {
    const planted = new Ledger();
    planted.secret('a password', 'gSecret/+ ö"%&Token');
    const text = formsOf('gSecret/+ ö"%&Token').get(form) ?? Buffer.alloc(0);
    planted.wrote('a log', Buffer.concat([Buffer.from('{"msg":"'), text, Buffer.from('"}')]));
    expect(planted.leaks()).toContainEqual({ place: 'a log', secret: 'a password', form });
  });

  test.each([0, 1, 2])('finds a password after a name of %i letters more in Basic credentials', (more) => {
    const planted = new Ledger();
    const password = planted.password('a password');
    planted.wrote('a log', basic(`ann${'x'.repeat(more)}`, password).authorization);
    expect(planted.leaks().length).toBeGreaterThan(0);
  });

  test('finds nothing where there is nothing', () => {
    const clean = new Ledger();
    clean.password('a password');
    clean.wrote('a log', '{"msg":"request","status":200}');
    expect(clean.leaks()).toEqual([]);
  });
});
