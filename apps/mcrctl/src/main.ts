#!/usr/bin/env node
import { main } from './cli/main.ts';
import { exitProcess, processIo } from './cli/process-io.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

await exitProcess(await main(process.argv.slice(2), processIo(interrupt.signal)));
