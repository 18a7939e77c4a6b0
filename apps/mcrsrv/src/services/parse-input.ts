import { RegistryError } from '@mcr/core';
import type { ZodType } from 'zod';

/** Parses what a client sent; `PARAMETER_INVALID` names every problem with its place. */
export function parseInput<Output>(schema: ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({
    field: path.join('.') || 'body',
    problem: message,
  }));
  const words = problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
  throw new RegistryError('PARAMETER_INVALID', words.slice(0, 1_000), { detail: problems.slice(0, 20) });
}
