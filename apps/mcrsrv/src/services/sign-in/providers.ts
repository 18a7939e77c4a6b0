import { type ClaimMapping, type OidcClient, type PersonProvider, type Sealed } from '@mcr/auth';

/** A provider of the configuration, and the registry as its client. */
export interface SignInProvider extends ClaimMapping {
  readonly name: string;
  readonly title: string;
  /** The page of the web UI that the provider sends people back to. */
  readonly redirectUrl: string;
  readonly client: OidcClient;
}

/** Sign-ins at OpenID providers. */
export interface SignIns {
  /** By name, in the order of the configuration; none where it names none. */
  readonly providers: ReadonlyMap<string, SignInProvider>;
  /** Issues the tokens of people. */
  readonly people: PersonProvider;
  /** What the browser keeps between the two steps. */
  readonly states: Sealed;
}
