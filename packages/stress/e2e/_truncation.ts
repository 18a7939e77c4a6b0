import { blobOf, seededBytes, startRegistry, startSharedStores } from '@mcr/testkit';
import type { Build } from '../src/actor/victim.ts';
import { startTruncatingProxy } from './_truncating-proxy.ts';

const repository = 'truncated/app';
const size = 3_000_000;

/** What came of a push whose object S3 got only in part. */
export interface Truncation {
  /** Status of the push. */
  readonly pushed: number;
  /** Status of a pull afterwards. */
  readonly pulled: number;
  /** How many requests to S3 were cut. */
  readonly cut: number;
}

/** Pushes a blob through a network that loses the ends of large requests to S3, and pulls it. */
export async function pushTruncated(build: Build = {}): Promise<Truncation> {
  await using stores = await startSharedStores();
  await using proxy = await startTruncatingProxy(Number(new URL(stores.s3.endpoint).port), size / 2);
  await using registry = await startRegistry({
    ...(build.bundle !== undefined && { bundle: build.bundle }),
    env: { ...stores.env, ...build.env, MCR_S3_ENDPOINT: `http://127.0.0.1:${proxy.port}` },
  });
  const client = registry.client();
  const blob = blobOf(seededBytes('truncated', size));
  const { status: pushed } = await client.pushBlob(repository, blob);
  const { status: pulled } = await client.getBlob(repository, blob.digest);
  return { pushed, pulled, cut: proxy.cut() };
}
