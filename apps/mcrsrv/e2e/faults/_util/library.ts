import assert from 'node:assert/strict';
import { buildArtifact, buildImage, type OciClient, pushImage, type TestImage, type TestRegistry } from '@mcr/testkit';

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
    return await this.#push(client, tag, await buildImage({ layers: [{ size, seed: tag }] }));
  }

  /** Pushes a manifest of 3 MiB, which takes most of the pages that the log of the database has before a checkpoint. */
  async pushLarge(client: OciClient, tag: string): Promise<TestImage> {
    const image = buildArtifact({ artifactType: 'application/x.large', content: tag, padding: 3 << 20 });
    return await this.#push(client, tag, image);
  }

  /** Counts the image of a tag no more, since it was deleted. */
  forget(tag: string): void {
    this.#images.delete(tag);
  }

  async #push(client: OciClient, tag: string, image: TestImage): Promise<TestImage> {
    const response = await pushImage(client, this.repository, tag, image);
    assert.equal(response.status, 201, response.text());
    this.#images.set(tag, image);
    return image;
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
