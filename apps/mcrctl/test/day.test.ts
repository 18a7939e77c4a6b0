import { buildImage, pushImage } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { startOperator } from './_util/operator.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

const person = { terminal: true, columns: 120 } as const;

test('an operator completes a day', { timeout: 120_000 }, async () => {
  await using operator = await startOperator({ MCR_GC_GRACE_PERIOD: '2s' });
  const { registry, run } = operator;
  const image = await buildImage({ layers: [{ size: 1_000 }, { size: 200_000 }] });

  // In the morning: who am I, what is there?
  await run('whoami', person);
  await run(`login --server ${registry.baseUrl} --grpc ${registry.grpcUrl} --ca-cert ${registry.caPath}`, {
    ...person,
    replies: ['admin', registry.adminPassword],
  });
  await run(`whoami`, person);
  await run(`repo list`, person);

  // A machine is to push.
  const password = 'the password of ci';
  await run(`account create ci --type system`, { ...person, replies: [password, password] });
  const ci = registry.client({ username: 'ci', password });
  const push = async () => (await ci.startUpload('team/app')).status;
  expect(await push()).toBe(403);
  await run(`policy explain registry:push team/app --user ci`, person);
  await run(
    'policy create --effect allow --priority 10 --account-type system --repository team/* --description Machines',
    person,
  );
  await run(`policy explain registry:push team/app --user ci`, person);
  expect(await pushImage(ci, 'team/app', '1.0', image)).toMatchObject({ status: 201 });
  expect(await pushImage(ci, 'team/app', 'latest', image)).toMatchObject({ status: 201 });

  // What did it push?
  await run(`repo list`, person);
  await run(`repo get team/app`, person);
  await run(`tag list team/app`, person);
  await run(`manifest get team/app:1.0`, person);

  // Away with it.
  await run('tag delete team/app:latest', { ...person, replies: ['team/app:latest'] });
  await run('repo delete team/app', { ...person, replies: ['team/ap'] });
  await run('repo delete team/app', { ...person, replies: ['team/app'] });
  await run('repo delete team/app', person);
  const gc = await run('gc --wait', person);
  let removed = Number(/^blobs removed +(\d+)$/m.exec(gc.stdout)?.[1]);
  const collect = async (): Promise<number> => {
    const { stdout } = await runMcrctl(['gc', '--wait', '--json', 'blobs_removed'], { env: operator.env });
    removed += (JSON.parse(stdout) as { blobs_removed: number }).blobs_removed;
    return removed;
  };
  await expect.poll(collect, { timeout: 30_000, interval: 500 }).toBe(3);

  // In the evening: what happened, and a copy for the night.
  await run(`audit list --type policy_deny --json event_type,repository,details`);
  await run(`audit tail --limit 4 --json event_type,repository`);
  await run('status --json checks,counts');
  await run('snapshot --json size');
  await run('snapshot list --json size');
  await run('logout');
  await run('repo list');

  const text = operator
    .transcript()
    .replaceAll(/"size":\d+/g, '"size":SIZE')
    // How much of the grace period has passed by then depends on the machine.
    .replaceAll(/^(examined|blobs removed|bytes freed)( +)\d+.*$/gm, '$1$2COUNT')
    .replaceAll(
      /Removed \d+ blobs?, .*\n(2> Waiting for garbage collection: ).*\n(?:2> Next run: .*\n)?/g,
      'Removed BLOBS\n$1REST\n',
    )
    // So does the width of a column of ages.
    .replaceAll(/UPDATED +LAST/g, 'UPDATED  LAST')
    .replaceAll(/AGO +-$/gm, 'AGO  -')
    .replaceAll(/in [78] hours/g, 'in HOURS')
    .replaceAll(password, 'PASSWORD');
  await expect(text).toMatchFileSnapshot('__snapshots__/day.txt');
});
