import { processIo } from './cli/io.ts';
import { main } from './cli/main.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

process.exitCode = await main(process.argv.slice(2), processIo(interrupt.signal));
