import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessResult, run } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';

/** An isolated helm: credentials and caches of its own, certificates verified. */
export interface Helm {
  login(host: string, username: string, password: string): Promise<ProcessResult>;
  /** Packs a chart that has nothing but its name and version; the path of its archive. */
  makeChart(name: string, version: string): Promise<string>;
  /** Pushes an archive to `host/namespace`, below which the chart's own name is the repository. */
  push(archive: string, namespace: string): Promise<ProcessResult>;
  /** Pulls `host/namespace/name` in a version. */
  pull(chart: string, version: string): Promise<ProcessResult>;
}

/** Sets up helm in its directory. Nothing runs in the background, so nothing has to be ended. */
export function createHelm(options: ClientOptions): Helm {
  const { directory } = options;
  const env = clientEnvironment(options);
  const helm = (...args: string[]): Promise<ProcessResult> => run('helm', args, { env });
  return {
    login: (host, username, password) =>
      run('helm', ['registry', 'login', host, '--username', username, '--password-stdin'], { env, input: password }),
    async makeChart(name, version) {
      const chart = join(directory, name);
      await mkdir(chart, { recursive: true });
      await writeFile(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
      const { code, stderr } = await helm('package', chart, '--destination', directory);
      if (code !== 0) throw new Error(stderr);
      return join(directory, `${name}-${version}.tgz`);
    },
    push: (archive, namespace) => helm('push', archive, `oci://${namespace}`),
    pull: (chart, version) =>
      helm('pull', `oci://${chart}`, '--version', version, '--destination', env['TMPDIR'] ?? ''),
  };
}
