import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createOutboundFetch, deriveSecret, OidcClient, PersonProvider, Sealed } from '@mcr/auth';
import { type Config, explainFileError, type OidcSection, StartError } from '@mcr/config';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { readAuthorities } from '@mcr/server-kit';
import { trustedAuthorities } from '@mcr/server-kit/authorities';
import { signInMs } from './services/sign-in/finish.ts';
import type { SignInProvider, SignIns } from './services/sign-in/providers.ts';

/** What sign-ins are made of. */
export interface SignInParts {
  readonly config: Pick<Config, 'oidc' | 'mcias'>;
  readonly store: Pick<MetadataStore, 'accounts' | 'identities'>;
  readonly clock: Clock;
  readonly signingKey: KeyObject;
}

/** Sign-ins at the providers of the configuration. Nothing is fetched before the first one. Throws a StartError. */
export function createSignIns({ config, store, clock, signingKey }: SignInParts): SignIns {
  const providers = new Map(config.oidc.map((section) => [section.name, providerOf(section, clock)]));
  const people = new PersonProvider({
    providers: [...providers.keys()],
    store: store.accounts,
    people: store.identities,
    signingKey,
    serviceName: config.mcias.serviceName,
    clock,
  });
  const states = new Sealed({ key: deriveSecret(signingKey, 'sign-in states'), purpose: 'sign-in', lifeMs: signInMs });
  return { providers, people, states };
}

function providerOf(section: OidcSection, clock: Clock): SignInProvider {
  return { ...section, client: oidcClientOf(section, clock) };
}

/** The registry as a client of a provider. Throws a StartError for a file that cannot be used. */
export function oidcClientOf({ name, clientSecretFile, caCert, ...section }: OidcSection, clock: Clock): OidcClient {
  const pem = caCert === undefined ? undefined : readAuthorities(`oidc.${name}.ca_cert`, caCert);
  const clientSecret = clientSecretFile === undefined ? undefined : readSecret(`oidc.${name}`, clientSecretFile);
  return new OidcClient({
    ...section,
    clientSecret,
    fetch: createOutboundFetch({ caCert: trustedAuthorities(pem) }),
    clock,
  });
}

function readSecret(section: string, path: string): string {
  const key = `${section}.client_secret_file`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const message = `cannot read "${path}": ${explainFileError(error)}; use a file that this user can read`;
    throw new StartError([{ key, message }], { cause: error });
  }
  if (text === '')
    throw new StartError([{ key, message: `"${path}" is empty; write the secret of the client into it` }]);
  return text;
}
