import { digestOf, parseRepositoryName } from '@mcr/core';
import { SqliteMetadataStore } from '@mcr/db';

/** Publishes blob after blob and prints each one's text once it is acknowledged. Ends only when it is killed. */
const [path = ''] = process.argv.slice(2);
const store = await SqliteMetadataStore.open({ path });
const repository = parseRepositoryName('team/app');
for (let n = 0; ; n += 1) {
  const text = `layer ${n}`;
  const times = { now: 0, leasedUntil: 1000, reviewAfter: 1000 };
  const digest = digestOf(text);
  await store.blobs.publish({ ...times, actor: {}, repository, digest, size: text.length, locator: digest });
  process.stdout.write(`${text}\n`);
}
