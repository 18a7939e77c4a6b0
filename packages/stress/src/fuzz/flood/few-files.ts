import { spawnSync } from 'node:child_process';

/** Loaded before the server: leaves it few files to open, as a careless installation does. */
const files = '400:400';
const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${files}`]);
if (status !== 0) throw new Error('prlimit of util-linux is missing');
