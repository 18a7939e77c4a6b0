import { isReservedName, RegistryError } from '@mcr/core';
import { type Condition, claimAt, textsOf, unmetCondition } from './claim-conditions.ts';
import { LoginRejection } from './errors.ts';

/** How the claims of a provider become a person of this registry. */
export interface ClaimMapping {
  readonly usernameClaim: string;
  readonly require: readonly Condition[];
  readonly roles: readonly { readonly role: string; readonly conditions: readonly Condition[] }[];
  readonly defaultRoles: readonly string[];
}

/** A person as the provider describes it now. */
export interface Person {
  readonly subject: string;
  readonly username: string;
  readonly roles: readonly string[];
}

/** Longer subjects are not of this world (OpenID Connect Core 1.0, section 2). */
const maxSubjectLength = 255;
/** Mail addresses among them; never a colon, which names of workloads have. */
const username = /^[a-z0-9][a-z0-9._@+-]{0,127}$/;

/** Who may sign in as what. `DENIED` where the claims lack what is required, or have no usable name. */
export function personOf(claims: Readonly<Record<string, unknown>>, mapping: ClaimMapping): Person {
  const { sub: subject } = claims;
  if (typeof subject !== 'string' || subject === '' || subject.length > maxSubjectLength)
    throw denied('claim sub', 'The provider gave no usable subject');
  const unmet = unmetCondition(claims, mapping.require);
  if (unmet !== undefined)
    throw denied(`condition ${unmet.claim.join('.')}`, 'You may not use this registry; ask its administrator');
  const [given = ''] = textsOf(claimAt(claims, [mapping.usernameClaim]));
  const name = given.toLowerCase();
  if (!username.test(name))
    throw denied(`claim ${mapping.usernameClaim}`, `The provider gave no usable name (${mapping.usernameClaim})`);
  if (isReservedName(name))
    throw denied(
      `claim ${mapping.usernameClaim}`,
      `The name ${name} is reserved for guests; choose another one at the provider`,
    );
  const mapped = mapping.roles.filter(({ conditions }) => unmetCondition(claims, conditions) === undefined);
  return { subject, username: name, roles: [...new Set([...mapping.defaultRoles, ...mapped.map(({ role }) => role)])] };
}

function denied(reason: string, message: string): RegistryError {
  return new RegistryError('DENIED', message, { cause: new LoginRejection({ reason }) });
}
