/** What a 401 asks for. */
export interface Challenge {
  /** Absolute URL of the token endpoint: most clients cannot resolve a relative one. */
  readonly realm: string;
  readonly service: string;
  /** `repository:NAME:ACTIONS`; absent where no repository is concerned. */
  readonly scope?: string;
  readonly error?: 'invalid_token';
}

/** The value of WWW-Authenticate: one Bearer challenge, its parameters quoted and in the order that clients expect. */
export function formatChallenge({ realm, service, scope, error }: Challenge): string {
  const parameters = [`realm="${realm}"`, `service="${service}"`];
  if (scope !== undefined) parameters.push(`scope="${scope}"`);
  if (error !== undefined) parameters.push(`error="${error}"`);
  return `Bearer ${parameters.join(',')}`;
}
