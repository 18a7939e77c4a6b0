export { type ExitCode, exitCodes } from './cli/exit-codes.ts';
export type { Io, Output } from './cli/io.ts';
export { main } from './cli/main.ts';
