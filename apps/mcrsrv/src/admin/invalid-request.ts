import { RegistryError } from '@mcr/core';
import type { FieldProblem } from '@mcr/rpc';

const maxMessageLength = 1_000;
const maxProblems = 20;

/** The error for a request with such problems, which names each with its field. */
export function invalidRequest(problems: readonly FieldProblem[]): RegistryError {
  const words = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  return new RegistryError('PARAMETER_INVALID', words.slice(0, maxMessageLength), {
    detail: problems.slice(0, maxProblems),
  });
}
