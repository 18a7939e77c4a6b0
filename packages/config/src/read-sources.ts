import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Environment, readOverrides } from './env.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { explain } from './explain.ts';
import { readToml } from './toml.ts';

/** Where a configuration is read from. */
export interface ConfigInput {
  /** The file. Without it, and without `text`, the environment has to hold everything. */
  readonly path?: string;
  /** TOML to use in place of the file's; `path` then only says where relative paths start. */
  readonly text?: string;
  readonly env: Environment;
}

/** File and environment, values not looked at. */
export interface Sources {
  /** Values by key name, such as `server.listen_addr`. */
  readonly file: ReadonlyMap<string, unknown>;
  readonly overrides: ReadonlyMap<string, unknown>;
  /** Relative paths start here. */
  readonly directory: string;
  /** Keys and variables that do not exist. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads file and environment.
 * @throws ConfigError if the file cannot be read or is not TOML
 */
export function readSources({ path, text, env }: ConfigInput): Sources {
  const file = readToml(text ?? (path === undefined ? '' : readText(path)), path ?? 'mcr.toml');
  const overrides = readOverrides(env);
  return {
    file: file.values,
    overrides: overrides.values,
    directory: path === undefined ? resolve() : dirname(resolve(path)),
    problems: [...file.problems, ...overrides.problems],
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = `cannot be read: ${explain(error)}; name a file that this user may read`;
    throw new ConfigError([{ key: path, message }], { cause: error });
  }
}
