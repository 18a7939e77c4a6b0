import * as z from 'zod';
import { isBearerToken } from './bearer-token.ts';

/** The year 9999 in seconds: larger numbers are milliseconds by mistake. */
const maxEpochSeconds = 253_402_300_799;

/** RFC 3339, or seconds since the epoch; read as milliseconds since the epoch. */
const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .number()
    .positive()
    .max(maxEpochSeconds)
    .transform((seconds) => seconds * 1000),
]);

/** Bounds that no honest answer meets; they keep what the cache holds small. */
const name = z.string().min(1).max(256);
const roles = z.array(z.string().max(256)).max(100);

/** Answer of `POST /v1/auth/login`. */
export const loginAnswer = z.object({
  token: z.string().refine(isBearerToken, 'must fit into an Authorization header'),
  expires_at: instant,
});

/**
 * Answer of `POST /v1/token/validate`. An account type that we do not know counts as `system`, which has no rights of
 * its own; `null` counts as absent, since Go writes empty lists so.
 */
export const validateAnswer = z.discriminatedUnion('valid', [
  z.object({ valid: z.literal(false) }),
  z.object({
    valid: z.literal(true),
    sub: name,
    username: z.string().max(256).nullish(),
    account_type: z.unknown().optional(),
    roles: roles.nullish(),
    expires_at: instant,
  }),
]);

/** Parses an answer; throws an error that says what is wrong with it without quoting it, since it may hold a token. */
export function readAnswer<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the answer is no JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
  throw new Error(`the answer does not fit the contract (${problems.join('; ')})`);
}
