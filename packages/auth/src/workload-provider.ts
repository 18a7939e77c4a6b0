import { hash, type KeyObject } from 'node:crypto';
import { type Clock, type Principal, RegistryError, systemClock } from '@mcr/core';
import type { JWTPayload } from 'jose';
import { type Condition, claimAt, textsOf, unmetCondition } from './claim-conditions.ts';
import { accountStoreFailed, invalidToken, LoginRejection, wrongCredentials } from './errors.ts';
import type { KindProvider } from './federated-identity.ts';
import type { IssuedToken, ValidatedToken } from './identity-provider.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { KindSigner } from './kind-signer.ts';
import type { AccountStore } from './local-provider.ts';
import type { OutboundFetch } from './outbound-fetch.ts';

/** A workload of the configuration. */
export interface Workload {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly conditions: readonly Condition[];
  readonly roles: readonly string[];
  readonly jwksUrl?: string | undefined;
  /** How its issuer is reached. */
  readonly fetch: OutboundFetch;
}

/** Options of a {@link WorkloadProvider}. */
export interface WorkloadOptions {
  readonly workloads: readonly Workload[];
  readonly store: Pick<AccountStore, 'isTokenRevoked' | 'revokeToken'>;
  readonly signingKey: KeyObject;
  /** The audience of the registry's own tokens. */
  readonly serviceName: string;
  readonly clock?: Clock;
}

/** Longer than a push of a job takes; the token of an issuer often ends after minutes. */
const lifeMs = 60 * 60_000;
/** A token of an issuer with all its claims. */
const maxTokenLength = 8_192;
const maxDetailLength = 200;
/** Claims that say which job of whom it is: of GitHub, of GitLab, and of Kubernetes. */
const auditedClaims: readonly (readonly string[])[] = [
  ['sub'],
  ['repository'],
  ['repository_id'],
  ['ref'],
  ['sha'],
  ['run_id'],
  ['actor'],
  ['project_path'],
  ['project_id'],
  ['pipeline_id'],
  ['job_id'],
  ['user_login'],
  ['kubernetes.io', 'namespace'],
  ['kubernetes.io', 'pod', 'name'],
];

const jwt = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Whether a password is a token of some issuer, by its form. */
export function looksLikeJwt(password: string): boolean {
  return password.length <= maxTokenLength && jwt.test(password);
}

/** The id of a workload, which policy rules name: the same as long as its name is (RFC 9562, UUIDv8). */
export function workloadId(name: string): string {
  const hex = hash('sha256', `mcr workload ${name}`, 'hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/** The workload as a caller. It is no person, so that nothing is allowed until a rule says so. */
export function workloadPrincipal({ name, roles }: Pick<Workload, 'name' | 'roles'>): Principal {
  return { id: workloadId(name), username: `workload:${name}`, accountType: 'system', roles, isFederated: true };
}

/** Jobs that log in with a token of their issuer, and get one of the registry's own. */
export class WorkloadProvider implements KindProvider {
  readonly #workloads: ReadonlyMap<string, Workload & { readonly keys: IssuerKeys; readonly mark: string }>;
  readonly #store: WorkloadOptions['store'];
  readonly #signer: KindSigner;
  readonly #clock: Clock;

  constructor({ workloads, store, signingKey, serviceName, clock = systemClock }: WorkloadOptions) {
    const keys = (workload: Workload) => new IssuerKeys({ ...workload, clock });
    this.#workloads = new Map(workloads.map((it) => [it.name, { ...it, keys: keys(it), mark: markOf(it) }]));
    this.#store = store;
    this.#signer = new KindSigner(signingKey, serviceName, 'mcr-workload+jwt');
    this.#clock = clock;
  }

  /** Whether these credentials are for this provider: the name of a workload, and a token. */
  takes(username: string, password: string): boolean {
    return this.#workloads.has(username) && looksLikeJwt(password);
  }

  /** Whether a token says that it is of a workload. */
  claims(token: string): boolean {
    return this.#signer.claims(token);
  }

  /**
   * Exchanges a token of an issuer for one of the registry. `UNAUTHORIZED`, the same for every reason, which is in the audit
   * log; `UNAVAILABLE` when the keys of the issuer cannot be had.
   */
  async login(name: string, password: string): Promise<IssuedToken> {
    const workload = this.#workloads.get(name);
    if (workload === undefined) throw wrongCredentials();
    const claims = await workload.keys.verify(password, workload.audience).catch((error: unknown) => {
      if (error instanceof RegistryError) throw error;
      throw rejected(workload, reasonOf(error));
    });
    const unmet = unmetCondition(claims, workload.conditions);
    if (unmet !== undefined) throw rejected(workload, `condition ${unmet.claim.join('.')}`, claims);
    const principal = workloadPrincipal(workload);
    const content = { subject: principal.id, claims: { workload: name, mark: workload.mark } };
    const signed = await this.#signer.sign(content, this.#clock.now(), lifeMs);
    return { ...signed, principal, details: detailsOf(workload, claims) };
  }

  /** Checks a token of the registry. It ends when the configuration of its workload changes. */
  async validate(token: string): Promise<ValidatedToken> {
    const { subject, tokenId, expiresAt, payload } = await this.#signer.verify(token, this.#clock.now());
    const workload = this.#workloads.get(String(payload['workload']));
    if (workload === undefined || payload['mark'] !== workload.mark) throw invalidToken();
    const principal = workloadPrincipal(workload);
    if (subject !== principal.id) throw invalidToken();
    if (await this.#store.isTokenRevoked(tokenId).catch(accountStoreFailed)) throw invalidToken();
    return { principal, expiresAt };
  }

  async revoke(token: string): Promise<void> {
    const now = this.#clock.now();
    const claims = await this.#signer.verify(token, now).catch(() => undefined);
    if (claims === undefined) return;
    const { tokenId, expiresAt } = claims;
    await this.#store.revokeToken({ tokenId, expiresAt, now }).catch(accountStoreFailed);
  }
}

/** Identifies what a workload was when a token was issued. */
function markOf({ issuer, audience, conditions }: Workload): string {
  return hash('sha256', JSON.stringify([issuer, audience, conditions]), 'base64url').slice(0, 16);
}

function detailsOf({ name, issuer }: Workload, claims: JWTPayload): Record<string, string> {
  const found = auditedClaims.flatMap((path) => {
    const [text] = textsOf(claimAt(claims, path));
    return text === undefined ? [] : [[path.join('.'), text.slice(0, maxDetailLength)]];
  });
  return { workload: name, issuer, ...(Object.fromEntries(found) as Record<string, string>) };
}

/** What is wrong in words of its own: a library's message may quote the token. */
function reasonOf(error: unknown): string {
  const { code = '', claim } = error as { code?: string; claim?: string };
  if (code === 'ERR_JWT_EXPIRED') return 'expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return `claim ${claim}`;
  if (code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS') return 'unknown key';
  if (code === 'ERR_JOSE_ALG_NOT_ALLOWED') return 'algorithm';
  return code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' ? 'signature' : 'malformed';
}

/** Claims are noted only of a token whose signature was good. */
function rejected(workload: Workload, reason: string, claims?: JWTPayload): RegistryError {
  const details = claims === undefined ? { workload: workload.name } : detailsOf(workload, claims);
  return wrongCredentials(new LoginRejection({ ...details, reason }));
}
