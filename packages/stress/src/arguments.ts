import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What the arguments of a script were read as. */
type Values<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: Options }>>['values'];

/**
 * Reads the arguments of a script. `--help` prints how it is used and ends it; so does what cannot be read, with exit status 2.
 */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
): Values<Options> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
