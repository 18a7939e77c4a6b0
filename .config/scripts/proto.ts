// Makes packages/rpc/src/gen of proto/: messages and services by buf, what their options say by lib/api.
import { join } from 'node:path';
import { writeApi } from './lib/api/write-api.ts';
import { root } from './lib/paths.ts';
import { run } from './lib/run.ts';

const { code } = await run('buf', ['generate'], { capture: false });
process.exitCode = code;
if (code === 0) await writeApi(join(root, 'packages', 'rpc', 'src', 'gen'));
