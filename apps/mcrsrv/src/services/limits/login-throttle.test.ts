import { RegistryError } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/_util/manual-clock.ts';
import { LoginThrottle } from './login-throttle.ts';

const right = 'right';
const home = '192.0.2.1';

/** Logs in with a password; gives `ok`, `wrong`, or the seconds to wait. */
function setUp({ failures = 5, failuresPerAddress = 100 } = {}) {
  const clock = new ManualClock();
  const throttle = new LoginThrottle(clock, { failures, failuresPerAddress });
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
