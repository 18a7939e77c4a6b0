import { ConfigError, type ConfigProblem } from './errors.ts';
import type { PartialConfig } from './read-values.ts';
import type { Config } from './schema/config.ts';

/**
 * Without problems, no value of the sections that were read is missing.
 * @throws ConfigError with the problems, if there are any
 */
export function assertUsable<S extends keyof Config>(
  config: PartialConfig,
  problems: readonly ConfigProblem[],
): asserts config is PartialConfig & Pick<Config, S> {
  if (problems.length > 0) throw new ConfigError(problems);
}
