import { ConfigError } from '../errors.ts';

/** The problems that a call throws, as `key: message` lines; empty if it succeeds. Rethrows other errors. */
export function problemsOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => `${key}: ${message}`);
  }
}
