import { ConfigError } from '../errors.ts';

/** What a call complains about, as `key: message` lines; empty if it does not. Other errors go through. */
export function problemsOf(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => `${key}: ${message}`);
  }
}
