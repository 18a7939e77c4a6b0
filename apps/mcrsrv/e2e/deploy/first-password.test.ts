import { join, relative } from 'node:path';
import { defaultBundle, run, runOk } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { top } from './_util/release.ts';

/** What `npm start` runs on its first start, in the directory where it runs it. */
const bundle = relative(top, defaultBundle);

describe('the line that is printed for another first password', () => {
  const shared = sharedResources();
  let directory: string;

  beforeAll(async () => {
    directory = join(await sharedDirectory(shared), "a man's srv");
  });

  test('works as it is in a checkout, where mcrsrv is not in PATH', async () => {
    const env = { PATH: '/usr/bin:/bin' };
    const { stderr } = await run(process.execPath, [bundle, 'init', '--dir', directory], { cwd: top, env });
    const [, line = ''] = /Change it with:\s+(\S.*)$/m.exec(stderr) ?? [];
    const typed = { cwd: top, env, input: 'another password' };
    const changed = await run('sh', ['-c', `${line} --password-stdin`], typed);
    expect(changed, line).toMatchObject({ code: 0, stderr: expect.stringContaining('admin') });
    const events = await runOk(process.execPath, ['--eval', lastEvent, join(directory, 'mcr.db')]);
    expect(JSON.parse(events)).toMatchObject({ event_type: 'account_updated' });
  });
});

/** Prints the newest event of the audit log, which no command of mcrsrv shows. */
const lastEvent = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1], { readOnly: true });
  console.log(JSON.stringify(database.prepare('SELECT * FROM audit_log ORDER BY id DESC LIMIT 1').get()));`;
