import * as z from 'zod';
import { type ClaimCondition, claimConditions } from './claims.ts';
import { filePath, issuerUrl, redirectUrl, roleNames, urlSafeName, words } from './values.ts';

/** A role, and the claims that give it. */
export interface RoleMapping {
  readonly role: string;
  /** All of them have to hold. */
  readonly conditions: readonly ClaimCondition[];
}

/** `[oidc.NAME]`: a provider at which people sign in. */
export interface OidcSection {
  readonly name: string;
  /** What the button of the login page calls it. */
  readonly title: string;
  /** The `iss` of its tokens, as they spell it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client. */
  readonly clientSecretFile?: string | undefined;
  /** The page of the web UI that the provider sends people back to: `https://…/login/callback`. */
  readonly redirectUrl: string;
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  /** What the claims of a person have to be, or the sign-in is rejected. */
  readonly require: readonly ClaimCondition[];
  readonly roles: readonly RoleMapping[];
  /** What every person who signs in has. */
  readonly defaultRoles: readonly string[];
  readonly caCert?: string | undefined;
}

const roleName = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const nonEmpty = (example: string) =>
  z.string({ error: `must be text in quotes, such as "${example}"` }).min(1, 'must not be empty');

const roleMappings = z.record(z.string(), claimConditions).transform((table, context) => {
  for (const role of Object.keys(table)) {
    if (!roleName.test(role))
      context.addIssue({ code: 'custom', path: [role], message: 'is not a role; use at most 64 of a-z 0-9 . _ -' });
    else if (table[role]?.length === 0)
      context.addIssue({ code: 'custom', path: [role], message: 'must name a claim, such as { groups = "admins" }' });
  }
  return Object.entries(table).map(([role, conditions]) => ({ role, conditions }));
});

/** The keys of a provider as the file has them. */
export const oidcKeys = z.strictObject({
  title: nonEmpty('Company account').max(64, 'must have at most 64 characters').optional(),
  issuer: issuerUrl,
  client_id: nonEmpty('mcr'),
  client_secret_file: filePath.optional(),
  redirect_url: redirectUrl,
  scopes: words.default(['openid', 'profile', 'email']),
  username_claim: urlSafeName.default('preferred_username'),
  require: claimConditions.default([]),
  roles: roleMappings.default([]),
  default_roles: roleNames.default(['user']),
  ca_cert: filePath.optional(),
});
