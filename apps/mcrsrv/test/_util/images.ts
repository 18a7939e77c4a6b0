import { buildImage, pushImage, type TestImage } from '@mcr/testkit';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

/** Pushes a small image under each of these tags; tags of one call name one image, and `salt` makes it another one. */
export async function seedImage(server: TestServer, name: string, tags: string[], salt = name): Promise<TestImage> {
  const image = await buildImage({ layers: [{ size: 64, seed: salt }], annotations: { salt } });
  for (const tag of tags) {
    const response = await pushImage(server.admin, name, tag, image);
    expect(response.status, response.text()).toBe(201);
  }
  return image;
}
