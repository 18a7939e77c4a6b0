/** Patterns of secrets in headers and tokens, of any client. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a token', /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{20,}/],
  ['the secret of an access token', /\bmcr[pr]_[0-9A-Za-z]{36}/],
  ['Basic credentials', /\bBasic [A-Za-z0-9+/]{8,}/i],
  ['a bearer token', /\bBearer [\w.~+/=-]{16,}/i],
];

/** Returns which kinds of secrets are in what a server printed, without repeating them; `accounts` are names with passwords. */
export function leaksIn(output: string, accounts: ReadonlyMap<string, string>): string[] {
  const found = patterns.flatMap(([what, pattern]) => (pattern.test(output) ? [what] : []));
  for (const [name, password] of accounts) {
    const forms = [password, encodeURIComponent(password), Buffer.from(`${name}:${password}`).toString('base64')];
    if (forms.some((form) => output.includes(form))) found.push(`the password of the account "${name}"`);
  }
  return found;
}
