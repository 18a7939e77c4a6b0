import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Environment, readOverrides } from './env.ts';
import { ConfigError, type ConfigProblem } from './errors.ts';
import { explain } from './explain.ts';
import type { NamedTables } from './schema/keys.ts';
import { readToml } from './toml.ts';

/** Where to read a configuration from. */
export interface ConfigInput {
  /** The file. Without it, and without `text`, everything must be in the environment. */
  readonly path?: string;
  /** TOML to use instead of the file's; `path` then only is the base of relative paths. */
  readonly text?: string;
  readonly env: Environment;
}

/** File and environment, before values are validated. */
export interface Sources {
  /** Values by key name, such as `server.listen_addr`. */
  readonly file: ReadonlyMap<string, unknown>;
  readonly overrides: ReadonlyMap<string, unknown>;
  /** The tables of sections such as `[workload.NAME]`, which only the file has. */
  readonly named: NamedTables;
  /** Base of relative paths. */
  readonly directory: string;
  /** Unknown keys and variables. */
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
    named: file.named,
    directory: path === undefined ? resolve() : dirname(resolve(path)),
    problems: [...file.problems, ...overrides.problems],
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'no such file' : `cannot be read: ${explain(error)}`;
    const message = `${reason}; pass --config or set MCR_CONFIG`;
    throw new ConfigError([{ key: path, message }], { cause: error });
  }
}
