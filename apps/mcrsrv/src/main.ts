#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import './thread-pool.ts';
import { runCli } from './cli/cli.ts';

// A thousand connections at once would grow the young generation to 64 MiB, for no gain: bytes do not live in the heap.
setFlagsFromString('--semi-space-growth-factor=1');

process.umask(0o077);
process.exitCode = await runCli(process.argv.slice(2));
