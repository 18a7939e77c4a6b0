export { type ExitCode, exitCodes } from './cli/exit-codes.ts';
export type { Input, Io, Output } from './cli/io.ts';
export { main } from './cli/main.ts';
