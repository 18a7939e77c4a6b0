import { Random } from '@mcr/stress';
import { buildImage, seededBytes, type TestImage } from '@mcr/testkit';

/** Base layers are shared by most images, the others by few, so that some blobs are always about to become garbage. */
const baseLayers = 5;
const appLayers = 60;
const images = 90;
const largestLayer = 96 * 1024;

/** The images that everybody pushes, the same for the same seed. */
export async function makeImages(seed: string): Promise<readonly TestImage[]> {
  const random = new Random(`${seed} images`);
  const layer = (name: string) => seededBytes(`${seed} ${name}`, 1 + random.below(largestLayer));
  const bases = Array.from({ length: baseLayers }, (_, n) => layer(`base ${n}`));
  const apps = Array.from({ length: appLayers }, (_, n) => layer(`app ${n}`));
  const built: TestImage[] = [];
  for (let n = 0; n < images; n += 1) {
    const layers = [random.pick(bases), ...Array.from({ length: 1 + random.below(3) }, () => random.pick(apps))];
    built.push(await buildImage({ layers, annotations: { number: String(n) } }));
  }
  return built;
}
