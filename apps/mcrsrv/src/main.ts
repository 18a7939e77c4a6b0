#!/usr/bin/env node
import './process-settings.ts';
import cluster from 'node:cluster';
import { load } from './start/load.ts';

process.umask(0o077);
if (cluster.isWorker) await load(() => import('./workers/worker.ts')).then(({ runWorker }) => runWorker());
else process.exitCode = await load(() => import('./cli/cli.ts')).then(({ runCli }) => runCli(process.argv.slice(2)));
// Left to end by itself, Node was seen to wait forever for a socket that a peer's broken HTTP/2 had left.
process.exit();
