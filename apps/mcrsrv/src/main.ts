#!/usr/bin/env node
import './process-settings.ts';
import { runCli } from './cli/cli.ts';

process.umask(0o077);
process.exitCode = await runCli(process.argv.slice(2));
