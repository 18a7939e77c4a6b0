export type { ArgumentsOf, CommandData, Example } from './command.ts';
export { CliError, CliExit, errorText, UsageError } from './errors.ts';
export { findText, optionText, optionTitle } from './help.ts';
export type { Option, Positional } from './option.ts';
export type { Program } from './program.ts';
export { allNames, commandWords, readWords, type Words } from './words.ts';
