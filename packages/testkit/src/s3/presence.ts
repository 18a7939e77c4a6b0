import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The S3 servers that tests can start. */
export type S3ServerName = 'versitygw' | 's3proxy';

const installation: Readonly<Record<S3ServerName, string>> = {
  versitygw: 'go install github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  s3proxy: 'the jars of org.gaul:s3proxy:4.1.0 in /usr/local/share/s3proxy, and java',
};

/** Where `.ci/run` puts the jars. */
export const s3proxyJars = process.env['MCR_TEST_S3PROXY'] ?? '/usr/local/share/s3proxy';

/**
 * Whether tests against a server can run: `describe.skipIf(!requireS3Server('versitygw'))`. Throws under CI=true when it is
 * missing, since a test that silently does not run there proves nothing.
 */
export function requireS3Server(name: S3ServerName): boolean {
  if (name === 'versitygw' ? isExecutable('versitygw') : isExecutable('java') && hasJars()) return true;
  if (process.env['CI'] === 'true') throw new Error(`Install ${installation[name]}, to test with ${name}`);
  return false;
}

function isExecutable(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasJars(): boolean {
  try {
    return readdirSync(s3proxyJars).some((name) => name.startsWith('s3proxy-'));
  } catch {
    return false;
  }
}
