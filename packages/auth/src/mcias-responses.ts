import * as z from 'zod';
import { isBearerToken } from './tokens.ts';

/** The year 9999 in seconds: larger numbers are milliseconds by mistake. */
const maxEpochSeconds = 253_402_300_799;

/** RFC 3339, or seconds since the epoch; parsed to milliseconds since the epoch. */
const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .number()
    .positive()
    .max(maxEpochSeconds)
    .transform((seconds) => seconds * 1000),
]);

/** Bounds that no genuine response reaches; they keep cache entries small. */
const name = z.string().min(1).max(256);
const roles = z.array(z.string().max(256)).max(100);

/** Response of `POST /v1/auth/login`. */
export const loginResponse = z.object({
  token: z.string().refine(isBearerToken, 'must fit into an Authorization header'),
  expires_at: instant,
});

/**
 * Response of `POST /v1/token/validate`. An unknown account type counts as `system`, which has no built-in rights;
 * `null` counts as absent, since that is how Go encodes empty lists.
 */
export const validateResponse = z.discriminatedUnion('valid', [
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

/**
 * Parses a response. Throws an error that says what is wrong without quoting the response, since it may contain a
 * token.
 */
export function readResponse<T>(schema: z.ZodType<T>, text: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the response is not JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the response'}: ${message}`);
  throw new Error(`the response does not match the contract (${problems.join('; ')})`);
}
