import { readFile } from 'node:fs/promises';
import { RegistryError } from '@mcr/core';
import { type MetadataStore, SqliteMetadataStore } from '@mcr/db';
import { intercepted } from '@mcr/db/testing';
import { tempDirectory } from '@mcr/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/_util/manual-clock.ts';
import { LoginThrottle } from './login-throttle.ts';

const right = 'right';
const home = '192.0.2.1';

const secret = Buffer.alloc(32, 7);
let store: MetadataStore;
let path: string;
beforeEach(async () => {
  const directory = await tempDirectory();
  path = `${directory.path}/mcr.db`;
  store = await SqliteMetadataStore.open({ path });
  return async () => {
    await store.close();
    await directory[Symbol.asyncDispose]();
  };
});

/** Logs in with a password; gives `ok`, `wrong`, or the seconds to wait. */
function setUp({ failures = 5, failuresPerAddress = 100, clock = new ManualClock(), store: used = store } = {}) {
  const throttle = new LoginThrottle({ store: used, clock, secret, failures, failuresPerAddress });
  let checks = 0;
  const login = async (username: string, password: string, ip = home): Promise<string> => {
    try {
      return await throttle.run({ username, password, ip }, async () => {
        checks += 1;
        if (password !== right) throw new RegistryError('UNAUTHORIZED', 'wrong');
        return 'ok';
      });
    } catch (error) {
      const { code, facts } = error as RegistryError;
      return code === 'UNAUTHORIZED' ? 'wrong' : `${code} ${(facts.retryAfterMs ?? Number.NaN) / 1_000}`;
    }
  };
  const fail = async (times: number, username = 'ann', ip = home): Promise<void> => {
    for (let at = 0; at < times; at += 1) expect(await login(username, `guess ${at}`, ip)).toBe('wrong');
  };
  return { clock, throttle, login, fail, checks: () => checks };
}

describe('an account at one address', () => {
  test('may be wrong five times; then each failure doubles the wait, from a second to a quarter of an hour', async () => {
    const { clock, login, fail } = setUp();
    await fail(5);
    const waits: number[] = [];
    for (let at = 0; at < 13; at += 1) {
      const [, seconds] = (await login('ann', 'another')).split(' ');
      waits.push(Number(seconds));
      clock.advance(Number(seconds) * 1_000);
      expect(await login('ann', `guess ${at}`)).toBe('wrong');
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('waits with the right password too, which is not looked at meanwhile', async () => {
    const { clock, login, fail, checks } = setUp();
    await fail(5);
    expect(await login('ann', right)).toBe('TOOMANYREQUESTS 1');
    expect(checks()).toBe(5);
    clock.advance(1_000);
    expect(await login('ann', right)).toBe('ok');
  });

  test('begins anew after a login, and after a day', async () => {
    const { clock, login, fail } = setUp();
    await fail(4);
    expect(await login('ann', right)).toBe('ok');
    await fail(5);
    clock.advance(24 * 3_600_000 + 1);
    await fail(5);
    expect(await login('ann', right)).toBe('TOOMANYREQUESTS 1');
  });

  test('does not concern other addresses and other accounts', async () => {
    const { login, fail } = setUp();
    await fail(5);
    expect(await login('ann', right, '192.0.2.2')).toBe('ok');
    expect(await login('bob', right)).toBe('ok');
  });

  test.each(['Ann', ' ann '])('is the same under the name %j', async (name) => {
    const { login, fail } = setUp();
    await fail(5);
    expect(await login(name, right)).toBe('TOOMANYREQUESTS 1');
  });

  test('is the same in the whole /64 of IPv6', async () => {
    const { login, fail } = setUp();
    await fail(5, 'ann', '2001:db8::1');
    expect(await login('ann', right, '2001:db8::ffff:2')).toBe('TOOMANYREQUESTS 1');
    expect(await login('ann', right, '2001:db8:0:1::1')).toBe('ok');
  });

  test('waits no longer than it had to when the clock is set back', async () => {
    const { clock, login, fail } = setUp();
    await fail(5);
    clock.advance(-3_600_000);
    expect(await login('ann', right)).toBe('TOOMANYREQUESTS 1');
  });
});

describe('attempts at the same time', () => {
  test('with the same password are one guess, so that a client may ask for many tokens', async () => {
    const { login } = setUp();
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => login('ann', 'same')));
    expect(new Set(outcomes)).toEqual(new Set(['wrong']));
    expect(await login('ann', right)).toBe('ok');
  });

  test('with different passwords are no more than there are free failures', async () => {
    const { login, checks } = setUp();
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, at) => login('ann', `guess ${at}`)));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'TOOMANYREQUESTS 1')).toHaveLength(55);
    expect(checks()).toBe(5);
  });

  test('are one at a time once waiting has begun', async () => {
    const { clock, login, fail } = setUp();
    await fail(5);
    clock.advance(1_000);
    expect(await Promise.all([login('ann', 'a'), login('ann', 'b'), login('ann', 'c')])).toEqual([
      'wrong',
      'TOOMANYREQUESTS 1',
      'TOOMANYREQUESTS 1',
    ]);
  });
});

describe('an address', () => {
  test('that was wrong a hundred times gets one attempt every nine seconds, whatever the account', async () => {
    const { clock, login, fail } = setUp();
    for (let at = 0; at < 100; at += 1) await fail(1, `user-${at}`);
    expect(await login('ann', right)).toBe('TOOMANYREQUESTS 9');
    clock.advance(9_000);
    await fail(1, 'one-more');
    expect(await login('ann', right)).toBe('TOOMANYREQUESTS 9');
    expect(await login('ann', right, '192.0.2.2')).toBe('ok');
    clock.advance(15 * 60_000);
    expect(await login('ann', right)).toBe('ok');
  });

  test('keeps serving accounts that have logged in from it before', async () => {
    const { login, fail } = setUp();
    expect(await login('ann', right)).toBe('ok');
    for (let at = 0; at < 100; at += 1) await fail(1, `user-${at}`);
    expect(await login('bob', right)).toBe('TOOMANYREQUESTS 9');
    expect(await login('ann', right)).toBe('ok');
  });

  test('has no limit when the configuration says so', async () => {
    const { login, fail } = setUp({ failuresPerAddress: 0 });
    for (let at = 0; at < 200; at += 1) await fail(1, `user-${at}`);
    expect(await login('ann', right)).toBe('ok');
  });
});

describe('an account that is guessed at from everywhere', () => {
  const botnet = async (fail: ReturnType<typeof setUp>['fail']): Promise<void> => {
    for (let at = 0; at < 100; at += 1) await fail(1, 'ann', `198.51.100.${at}`);
  };

  test('lets strangers try once a minute', async () => {
    const { clock, login, fail } = setUp();
    await botnet(fail);
    expect(await login('ann', 'x', '203.0.113.1')).toBe('TOOMANYREQUESTS 60');
    clock.advance(60_000);
    expect(await login('ann', 'x', '203.0.113.1')).toBe('wrong');
    expect(await login('ann', 'x', '203.0.113.2')).toBe('TOOMANYREQUESTS 60');
  });

  test('lets its owner in from where the owner has been before', async () => {
    const { login, fail } = setUp();
    expect(await login('ann', right)).toBe('ok');
    await botnet(fail);
    expect(await login('ann', right, '203.0.113.1')).toBe('TOOMANYREQUESTS 60');
    expect(await login('ann', right)).toBe('ok');
    expect(await login('bob', right, '203.0.113.1')).toBe('ok');
  });
});

test('what is no verdict on the password is no failure', async () => {
  const { throttle, login } = setUp();
  for (let at = 0; at < 10; at += 1) {
    const outage = throttle.run({ username: 'ann', password: `guess ${at}`, ip: home }, async () => {
      throw new RegistryError('UNAVAILABLE', 'no response');
    });
    await expect(outage).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  }
  expect(await login('ann', right)).toBe('ok');
});

describe('several processes on one database', () => {
  const processes = (count: number) => {
    const clock = new ManualClock();
    return { clock, all: Array.from({ length: count }, () => setUp({ clock })) };
  };

  test('give an attacker as many guesses as one, whether they come one by one or at the same time', async () => {
    const { all } = processes(4);
    const outcomes: string[] = [];
    for (let at = 0; at < 20; at += 1) outcomes.push(await all[at % 4]!.login('ann', `guess ${at}`));
    for (let at = 0; at < 20; at += 1)
      outcomes.push(...(await Promise.all(all.map(({ login }, of) => login('bob', `guess ${at} ${of}`)))));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5 + 5);
  });

  test('let one attempt through at a time once waiting has begun', async () => {
    const { all, clock } = processes(4);
    await all[0]!.fail(5);
    clock.advance(1_000);
    const outcomes = await Promise.all(all.map(({ login }, at) => login('ann', `guess ${at}`)));
    expect(outcomes.toSorted()).toEqual(['TOOMANYREQUESTS 2', 'TOOMANYREQUESTS 2', 'TOOMANYREQUESTS 2', 'wrong']);
  });

  test('do not say that a password is right which came too late in another process', async () => {
    const { all } = processes(2);
    const [one, two] = all as [(typeof all)[0], (typeof all)[0]];
    const checked = Promise.withResolvers<void>();
    const late = one.throttle.run({ username: 'ann', password: right, ip: home }, () => checked.promise);
    const outcome = late.catch((error: unknown) => error);
    await store.logins.find([]);
    await two.fail(5);
    checked.resolve();
    expect(await outcome).toMatchObject({ code: 'TOOMANYREQUESTS' });
  });

  test('know the networks that an account has logged in from by the audit log', async () => {
    const { all } = processes(2);
    await store.audit.append([
      { type: 'login', at: 0, actor: { id: 'id of ann', name: 'ann', ip: home }, details: {} },
    ]);
    for (let at = 0; at < 100; at += 1) await all[0]!.fail(1, 'ann', `198.51.100.${at}`);
    expect(await all[1]!.login('ann', right, '203.0.113.1')).toBe('TOOMANYREQUESTS 60');
    expect(await all[1]!.login('ann', right)).toBe('ok');
  });
});

test('the database has neither names nor addresses, and a login without failures writes nothing', async () => {
  const calls: string[] = [];
  const watched = intercepted(store, (method, run) => {
    calls.push(method);
    return run();
  });
  const { login, fail } = setUp({ store: watched });
  const writes = () => calls.splice(0).filter((method) => method !== 'logins.find');
  expect(await login('ann', right)).toBe('ok');
  expect(writes()).toEqual([]);
  await fail(1);
  expect(writes()).toEqual(['logins.count']);
  expect(await login('ann', right)).toBe('ok');
  expect(writes()).toEqual(['logins.forget']);
  await fail(3, 'grace-hopper', '192.0.2.99');
  await store.close();
  const file = await readFile(path);
  for (const word of ['grace', '192.0.2']) expect(file.includes(word)).toBe(false);
});
