import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operator, startOperator } from './_util/operator.ts';

let operator: Operator;
let adminId: string;

beforeAll(async () => {
  operator = await startOperator();
  await operator.login();
  adminId = (JSON.parse((await operator.run('whoami --json id')).stdout) as { id: string }).id;
  const client = operator.registry.client();
  for (const name of ['team/one', 'team/two']) {
    await pushImage(client, name, '1', await buildImage({ layers: [{ size: 10 }] }));
  }
});
afterAll(() => operator[Symbol.asyncDispose]());

interface Event {
  readonly id: number;
  readonly event_type: string;
  readonly at: string;
  readonly repository: string | null;
}

const events = async (line: string): Promise<Event[]> => {
  const { stdout, stderr, exitCode } = await operator.run(`${line} --json`);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text) as Event);
};

const ids = (found: readonly Event[]): number[] => found.map(({ id }) => id);

describe('audit list', () => {
  test('has the newest events first', async () => {
    const all = ids(await events('audit list'));
    expect(all.length).toBeGreaterThan(5);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
  });

  test.each([
    ['--type manifest_pushed', (event: Event) => event.event_type === 'manifest_pushed'],
    ['--repository team/one', (event: Event) => event.repository === 'team/one'],
    [
      '--repository team/two --type manifest_pushed',
      (event: Event) => event.repository === 'team/two' && event.event_type === 'manifest_pushed',
    ],
  ])('%s shows exactly those', async (filter, matches) => {
    const all = await events('audit list --n 1000');
    const found = await events(`audit list ${filter}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(all.filter(matches));
  });

  test('--actor shows what one account did', async () => {
    expect(ids(await events(`audit list --actor ${adminId} --n 1000`))).not.toEqual([]);
    expect(await events('audit list --actor 00000000-0000-0000-0000-000000000000')).toEqual([]);
    expect(await events('audit list --actor admin --n 1000')).toEqual(
      await events(`audit list --actor ${adminId} --n 1000`),
    );
  });

  test.each(['list', 'tail'])('%s --actor with an unknown name is an error', async (verb) => {
    const { exitCode, stdout, stderr } = await operator.run(`audit ${verb} --actor nobody-like-it`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('unknown account "nobody-like-it"');
  });

  test('--since and --until limit by time, --before by id, --n by number', async () => {
    const all = await events('audit list --n 1000');
    const { at, id } = all[2]!;
    expect(ids(await events(`audit list --since ${at}`))).toEqual(ids(all.filter((event) => event.at >= at)));
    expect(ids(await events(`audit list --until ${at}`))).toEqual(ids(all.filter((event) => event.at < at)));
    expect(ids(await events(`audit list --before ${id}`))).toEqual(ids(all.slice(3)));
    expect(ids(await events('audit list --n 2'))).toEqual(ids(all.slice(0, 2)));
    expect(await events('audit list --since 1h --n 1000')).toEqual(all);
    expect(await events('audit list --until 1h')).toEqual([]);
  });

  test('tells a user if there are no events', async () => {
    expect(await operator.run('audit list --type blob_mounted', { terminal: true })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'No matching events\n',
    });
  });
});

describe('audit tail', () => {
  test('has the newest events last', async () => {
    const newest = await events('audit list --n 3');
    expect(await events('audit tail --limit 3')).toEqual(newest.toReversed());
  });

  test('--follow continues with new events until Ctrl-C', async () => {
    const interrupt = new AbortController();
    const client = operator.registry.client();
    const image = await buildImage({ layers: [{ size: 20 }] });
    let push: Promise<unknown> | undefined;
    const onOutput = (written: string): void => {
      push ??= pushImage(client, 'team/three', '1', image);
      if (written.includes('team/three')) interrupt.abort();
    };
    const filter = '--type manifest_pushed --json repository';
    const outcome = await operator.run(`audit tail --limit 1 --follow ${filter}`, {
      signal: interrupt.signal,
      onOutput,
    });
    expect(await push).toMatchObject({ status: 201 });
    expect(outcome).toEqual({
      exitCode: 130,
      stdout: '{"repository":"team/two"}\n{"repository":"team/three"}\n',
      stderr: '{"error":{"message":"cancelled","hint":null,"exit_code":130}}\n',
    });
  });
});
