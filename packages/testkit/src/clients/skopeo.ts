import { type ProcessResult, run } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';

/** An isolated skopeo: credentials of its own, no storage, certificates verified. */
export interface Skopeo {
  /** Runs skopeo with the given arguments and returns whatever came of it. */
  skopeo(...args: string[]): Promise<ProcessResult>;
  login(host: string, username: string, password: string): Promise<ProcessResult>;
  /** Copies between any two transports, for example `oci:directory:tag` and `docker://host/name:tag`. */
  copy(source: string, destination: string, ...options: string[]): Promise<ProcessResult>;
}

/** Sets up skopeo in its directory. Nothing runs in the background, so nothing has to be ended. */
export function createSkopeo(options: ClientOptions): Skopeo {
  const env = clientEnvironment(options);
  const skopeo = (...args: string[]): Promise<ProcessResult> => run('skopeo', args, { env });
  return {
    skopeo,
    login: (host, username, password) =>
      run('skopeo', ['login', '--username', username, '--password-stdin', host], { env, input: password }),
    copy: (source, destination, ...more) => skopeo('copy', '--quiet', ...more, source, destination),
  };
}
