import { once } from 'node:events';
import { digestOf, parseRepositoryName, parseTag } from '@mcr/core';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

/**
 * A process with a store of its own. Opens the database when a line arrives, and says so; then it pushes images, with a
 * line for each that is acknowledged, until it is killed or the input ends.
 */
const [path = '', name = ''] = process.argv.slice(2);
const repository = parseRepositoryName('team/app');
const times = { actor: {}, now: 0, leasedUntil: 1_000, reviewAfter: 1_000 };
const input = { ended: false };
process.stdin.on('end', () => {
  input.ended = true;
});
const started = once(process.stdin, 'data');
process.stdout.write('loaded\n');
await started;
const store = await SqliteMetadataStore.open({ path });
process.stdout.write('open\n');
for (let n = 0; !input.ended; n += 1) {
  const text = `${name} ${n}`;
  const layer = digestOf(text);
  await store.blobs.publish({ ...times, repository, digest: layer, size: text.length, locator: layer });
  // Large enough for a checkpoint every twenty images.
  const content = Buffer.from(text.padEnd(240_000));
  await store.manifests.push({
    ...times,
    repository,
    digest: digestOf(content),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    content,
    blobs: [layer],
    optionalBlobs: [],
    children: [],
    tags: [parseTag(text.replace(' ', '-'))],
  });
  process.stdout.write(`${text}\n`);
}
await store.close();
