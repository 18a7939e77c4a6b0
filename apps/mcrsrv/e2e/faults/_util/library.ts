import assert from 'node:assert/strict';
import { buildImage, type OciClient, pushImage, type TestImage, type TestRegistry } from '@mcr/testkit';

/** The images that a registry has acknowledged, to be asked for again after whatever happens. */
export class Library {
  readonly repository = 'library/app';
  readonly #registry: TestRegistry;
  readonly #images = new Map<string, TestImage>();

  constructor(registry: TestRegistry) {
    this.#registry = registry;
  }

  /** Pushes an image with a layer of `size` bytes, which must succeed. */
  async push(client: OciClient, tag: string, size = 20_000): Promise<TestImage> {
    const image = await buildImage({ layers: [{ size, seed: tag }] });
    const answer = await pushImage(client, this.repository, tag, image);
    assert.equal(answer.status, 201, answer.text());
    this.#images.set(tag, image);
    return image;
  }

  /** Counts the image of a tag no more, since it was deleted. */
  forget(tag: string): void {
    this.#images.delete(tag);
  }

  /** Throws unless every image is there, byte by byte. */
  async verify(client: OciClient): Promise<void> {
    for (const [tag, image] of this.#images) {
      const manifest = await client.getManifest(this.repository, tag);
      assert.equal(manifest.status, 200, `${tag}: ${manifest.text()}`);
      assert.ok(manifest.body.equals(image.manifest.bytes), `${tag} has its manifest`);
      for (const { digest, size } of image.blobs) {
        const found = await client.hashBlob(this.repository, digest);
        assert.deepEqual(found, { status: 200, size, digest });
      }
    }
  }

  /** Kills and restarts the registry, throws unless every image is there and pushing works, and says so. */
  async verifyAfterRestart(): Promise<string> {
    await this.#registry.kill();
    await this.#registry.restart();
    const client = this.#registry.client();
    await this.verify(client);
    await this.push(client, 'after-the-fault');
    return 'all, after a restart';
  }
}
