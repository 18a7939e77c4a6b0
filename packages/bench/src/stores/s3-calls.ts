import { startRegistry, startSharedStores } from '@mcr/testkit';
import { Connection } from '../connection.ts';
import { uniqueContent } from '../content.ts';
import { pushBlob, type Shape } from '../push.ts';
import { formatBytes } from '../scale.ts';
import { startCountingProxy } from './counting-proxy.ts';

const mebibyte = 1 << 20;
const sizes = [1_000, mebibyte, 16 * mebibyte, 17 * mebibyte, 64 * mebibyte];
const shapes: readonly Shape[] = ['one PUT', 'one PATCH'];

/** The calls to S3 that the push of one blob makes. */
export interface S3Calls {
  readonly blob: string;
  /** By method. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Counts the calls to S3 for blobs of several sizes at a proxy between the registry and S3. */
export async function countS3Calls(): Promise<readonly S3Calls[]> {
  await using stores = await startSharedStores();
  await using proxy = await startCountingProxy(stores.s3.endpoint);
  await using registry = await startRegistry({ env: { ...stores.env, MCR_S3_ENDPOINT: proxy.url }, logToFile: true });
  const { token } = await registry.client().token();
  const { hostname: host, port } = new URL(registry.baseUrl);
  const address = { host, port: Number(port), ca: registry.ca, authorization: `Bearer ${token}` };
  using connection = await Connection.open(address);
  const counted: S3Calls[] = [];
  for (const size of sizes) {
    for (const shape of shapes) {
      const content = uniqueContent(size);
      proxy.take();
      await pushBlob(connection, address, 'bench/calls', content, shape);
      counted.push({ blob: `${formatBytes(size)}, ${shape}`, calls: proxy.take() });
    }
  }
  return counted;
}
