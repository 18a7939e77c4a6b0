/** One problem of the configuration. */
export interface ConfigProblem {
  /** The key as written in the file, such as `server.tls_cert`; or a section, a variable, or the file's name. */
  readonly key: string;
  /** What is wrong and how to fix it. */
  readonly message: string;
}

/** The configuration is invalid. `message` lists every problem, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(describe(problems), options);
    this.problems = problems;
  }
}

function describe(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [`The configuration has ${count}:`, ...problems.map(({ key, message }) => `  ${key}: ${message}`)].join('\n');
}

/** Enough of a value to recognize it. */
const maxQuotedLength = 100;

/** Formats a value for a message: quoted, on one line, shortened. */
export function quote(value: string): string {
  return JSON.stringify(value.length > maxQuotedLength ? `${value.slice(0, maxQuotedLength)}…` : value);
}
