import type { IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';

const parameter = '([a-z]+)="([^"\\\\]*)"';
const whole = new RegExp(`^Bearer ${parameter}(?:,${parameter})*$`);

/** The parameters of the one Bearer challenge of a 401, read as strictly as the strictest client does. */
export function challengeOf(response: {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}): Readonly<Record<string, string>> {
  expect(response.status).toBe(401);
  const value = response.headers['www-authenticate'] ?? '';
  expect(value).toMatch(whole);
  expect(response.headers['cache-control']).toBe('no-store');
  const parameters = [...value.matchAll(new RegExp(parameter, 'g'))].map(([, name, text]) => [name, text]);
  expect(new Set(parameters.map(([name]) => name)).size, 'each parameter once').toBe(parameters.length);
  return Object.fromEntries(parameters);
}
