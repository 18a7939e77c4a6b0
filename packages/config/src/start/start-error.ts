import type { ConfigProblem } from '../errors.ts';

/** A program cannot start with this configuration. `message` names each key with what is wrong and how to fix it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(describe(problems), options);
    this.problems = problems;
  }
}

function describe(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ key, message }) => `${key}: ${message}`);
  return lines.length === 1 ? lines.join('') : [`${lines.length} problems:`, ...lines].join('\n  ');
}
