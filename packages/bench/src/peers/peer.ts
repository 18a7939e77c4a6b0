import type { OciClient } from '@mcr/testkit';
import type { Image } from '../content.ts';

/** The request that hands out a token. */
export interface Login {
  readonly path: string;
  /** Value of its Authorization header. */
  readonly authorization: string;
}

/** Makes callers that differ from the usual one. */
export interface Callers {
  /** The usual account with another token. */
  another(): Promise<string>;
  /** A system account that the last of ten rules allows to pull from this repository. */
  allowedLast(repository: string): Promise<string>;
}

/** A registry under measurement, started with an empty store in a process of its own. */
export interface RunningPeer extends AsyncDisposable {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Value of the Authorization header; absent where the peer requires none. */
  readonly authorization?: string;
  /** How a client that has no token gets one; absent where there are none. */
  readonly login?: Login;
  /** Other callers, each by its Authorization header; absent where there is no login. */
  readonly callers?: Callers;
  /** Responds with 200 as soon as the peer is ready. */
  readonly readyPath: string;
  /** Process whose CPU time and memory are counted. */
  readonly pid: number;
  /** An ordinary client, for what is not measured. */
  client(): OciClient;
  /** Stops the process; its data stay. */
  stop(): Promise<void>;
  /** Puts manifests with their tags, whose blobs were pushed, into its store; absent where they have to be pushed. */
  fill?(images: readonly Image[]): void;
  /** Starts the process again, and resolves when it is ready. */
  start(): Promise<void>;
}

/** Something that can be measured: a registry, or one that was prepared in some way. */
export interface Contender {
  readonly name: string;
  start(): Promise<RunningPeer>;
}

/** How to start a registry; another one takes a file like those beside this one. */
export interface Peer extends Contender {
  /** What differs from the others, for the report. */
  readonly conditions: string;
  /** What is installed; undefined when nothing is. */
  version(): Promise<string | undefined>;
}
