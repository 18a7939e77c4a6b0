// Makes packages/rpc/src/gen of proto/: messages and services by buf, what their options say by write-api.ts.
import { join } from 'node:path';
import { root } from '../paths.ts';
import { run } from '../run.ts';
import { writeApi } from './write-api.ts';

const { code } = await run('buf', ['generate'], { capture: false });
process.exitCode = code;
if (code === 0) await writeApi(join(root, 'packages', 'rpc', 'src', 'gen'));
