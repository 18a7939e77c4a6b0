import type { TestImage, TestIndex } from '../images.ts';
import type { OciClient } from './client.ts';
import type { OciResponse } from './transport.ts';
import type { UploadMode } from './uploads.ts';

/** Concurrent blob uploads, like the common clients. */
const concurrency = 4;

/**
 * Pushes all blobs of an image, or of an index with its images, and then its manifest under `reference`. Returns the
 * response to the manifest. Throws when a blob or a child manifest is not accepted.
 */
export async function pushImage(
  client: OciClient,
  repository: string,
  reference: string,
  content: TestImage | TestIndex,
  mode: UploadMode = 'put',
): Promise<OciResponse> {
  if ('images' in content) {
    for (const image of content.images) {
      mustBeCreated(await pushImage(client, repository, image.manifest.digest, image, mode));
    }
  } else {
    const queue = content.blobs.values();
    const worker = async (): Promise<void> => {
      for (const blob of queue) mustBeCreated(await client.pushBlob(repository, blob, mode));
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  return await client.pushManifest(repository, reference, content.manifest);
}

function mustBeCreated(response: OciResponse): void {
  if (response.status !== 201) throw new Error(`Not accepted: ${response.status} ${response.text()}`);
}
