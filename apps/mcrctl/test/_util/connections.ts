import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createTestCa, type IssueOptions, type TestCa, tempDirectory } from '@mcr/testkit';
import { type HttpsServer, startHttp2, startHttps } from './https-server.ts';

/** A certificate authority with its file, and servers with its certificates. */
export interface TestAuthority extends AsyncDisposable {
  readonly ca: TestCa;
  readonly caFile: string;
  /** For other files of the test. */
  readonly directory: string;
  /** A TLS 1.3 server with a certificate of this authority. */
  serve(handle: RequestListener, options?: IssueOptions): Promise<HttpsServer>;
  /** The same with HTTP/2. */
  serveHttp2(handle: RequestListener, options?: IssueOptions): Promise<HttpsServer>;
}

/** Creates an authority in its own directory. */
export async function createAuthority(): Promise<TestAuthority> {
  const ca = await createTestCa();
  const directory = await tempDirectory();
  const caFile = join(directory.path, 'ca.crt');
  await writeFile(caFile, ca.caPem);
  const tls = async (options?: IssueOptions) => {
    const { certPem, keyPem } = await ca.issue(options);
    return { cert: certPem, key: keyPem, minVersion: 'TLSv1.3' } as const;
  };
  return {
    ca,
    caFile,
    directory: directory.path,
    serve: async (handle, options) => startHttps(await tls(options), handle),
    serveHttp2: async (handle, options) => startHttp2(await tls(options), handle),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
