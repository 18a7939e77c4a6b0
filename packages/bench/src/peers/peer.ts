/** A registry under measurement, started with an empty store in a process of its own. */
export interface RunningPeer extends AsyncDisposable {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Value of the Authorization header; absent where the peer asks for none. */
  readonly authorization?: string;
  /** Process whose CPU time and memory are counted. */
  readonly pid: number;
}

/** How to start a registry; another one takes a file like those beside this one. */
export interface Peer {
  readonly name: string;
  /** What differs from the others, for the report. */
  readonly conditions: string;
  start(): Promise<RunningPeer>;
}
