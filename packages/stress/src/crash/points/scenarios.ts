import { blobOf, buildImage, seededBytes, type TestBlob, type TestImage } from '@mcr/testkit';
import { blobShapes, deleteBlob, mountBlob, sendBlob } from '../../actor/blobs.ts';
import type { Client } from '../../actor/client.ts';
import { collect } from '../../actor/collections.ts';
import { buildLargeIndex, pushBlobs, pushWhole } from '../../actor/images.ts';
import { deleteManifest, deleteTag, pushManifest } from '../../actor/manifests.ts';
import { deleteRepository } from '../../actor/repositories.ts';
import { addRule, deleteRule, switchRule } from '../../actor/rules.ts';
import { deleteTags } from '../../actor/tags.ts';
import { beginUpload, cancelUpload, continueUpload, finishUpload } from '../../actor/uploads.ts';
import type { Pushable } from '../../model/ledger.ts';

/** What a scenario works with: a client with a repository of its own, and a way to make everything old. */
export interface Stage {
  readonly client: Client;
  /** A repository that another client fills. */
  readonly other: Client;
  /** Cuts the bytes of a blob short, and has the server notice. */
  readonly damage: (blob: TestBlob) => Promise<void>;
  /** Lets the times of all that is on disk run out. */
  readonly age: () => Promise<void>;
}

/** An operation to interrupt: `prepare` sets the stage and gives the operation. */
export interface Scenario {
  readonly name: string;
  readonly prepare: (stage: Stage) => Promise<() => Promise<unknown>>;
  /** Whether the client sends other requests while the server works: their responses do not stand for that work. */
  readonly isAskedAbout?: boolean;
  /** Whether the first response is that of a new upload, which a power failure may undo as long as it has no bytes. */
  readonly opensUpload?: boolean;
}

/** Every operation that changes something, each in each of its shapes. */
export const scenarios: readonly Scenario[] = [
  ...blobShapes.map(
    (shape): Scenario => ({
      name: `pushing a blob: ${shape}`,
      opensUpload: shape !== 'post',
      prepare: async ({ client }) => {
        const blob = freshBlob(client, 'pushed');
        return () => sendBlob(client, blob, shape);
      },
    }),
  ),
  {
    name: 'pushing a blob that is there already',
    opensUpload: true,
    prepare: async ({ client }) => {
      const blob = freshBlob(client, 'pushed');
      await sendBlob(client, blob, 'put');
      return () => sendBlob(client, blob, 'put');
    },
  },
  {
    name: 'pushing a blob by its sha512 digest',
    opensUpload: true,
    prepare: async ({ client }) => {
      const blob = blobOf(freshBytes(client, 'pushed'), undefined, 'sha512');
      return () => sendBlob(client, blob, 'chunks');
    },
  },
  {
    name: 'pushing a blob that is in quarantine',
    opensUpload: true,
    prepare: async ({ client, damage }) => {
      const blob = freshBlob(client, 'damaged');
      await sendBlob(client, blob, 'put');
      await damage(blob);
      return () => sendBlob(client, blob, 'put');
    },
  },
  {
    name: 'an upload in parts',
    prepare: async ({ client }) => {
      await beginUpload(client, freshBlob(client, 'in parts'));
      const upload = client.ledger.uploads[0]!;
      await continueUpload(client, upload, 1_000);
      return async () => {
        await continueUpload(client, upload, 1_000);
        await finishUpload(client, upload);
      };
    },
  },
  {
    name: 'an upload in parts of a blob that is there already',
    prepare: async ({ client }) => {
      const blob = freshBlob(client, 'there already');
      await sendBlob(client, blob, 'put');
      await beginUpload(client, blob);
      const upload = client.ledger.uploads[0]!;
      await continueUpload(client, upload, 1_000);
      return () => finishUpload(client, upload);
    },
  },
  {
    name: 'canceling an upload',
    prepare: async ({ client }) => {
      await beginUpload(client, freshBlob(client, 'canceled'));
      const upload = client.ledger.uploads[0]!;
      await continueUpload(client, upload, 1_000);
      return () => cancelUpload(client, upload);
    },
  },
  {
    name: 'mounting a blob',
    prepare: async ({ client, other }) => {
      const blob = freshBlob(client, 'mounted');
      await sendBlob(other, blob, 'post');
      return () => mountBlob(client, blob, other.ledger.repository);
    },
  },
  {
    name: 'pushing a manifest that takes a tag over',
    prepare: async ({ client }) => {
      await pushWhole(client, await freshImage(client, 'first'));
      const second = await freshImage(client, 'second');
      await pushBlobs(client, second);
      return () => pushManifest(client, second, 'latest');
    },
  },
  {
    name: 'deleting a tag',
    prepare: async ({ client }) => {
      await pushWhole(client, await freshImage(client, 'tagged'));
      return () => deleteTag(client, 'latest');
    },
  },
  {
    name: 'deleting tags by a plan',
    prepare: async ({ client }) => {
      await pushWhole(client, await freshImage(client, 'kept'), 'kept');
      const image = await freshImage(client, 'untagged');
      for (const tag of ['v1', 'v2']) await pushWhole(client, image, tag);
      return () => deleteTags(client, ['v1', 'v2'], false);
    },
  },
  {
    name: 'deleting a repository',
    prepare: async ({ client, other }) => {
      const image = await freshImage(client, 'shared');
      await pushWhole(client, image);
      await pushWhole(other, image);
      await pushWhole(client, await freshImage(client, 'own'), 'v1');
      await sendBlob(client, freshBlob(client, 'leased'), 'put');
      await beginUpload(client, freshBlob(client, 'open'));
      await continueUpload(client, client.ledger.uploads[0]!, 1_000);
      return () => deleteRepository(client);
    },
  },
  {
    name: 'deleting a repository whose rows go in slices',
    isAskedAbout: true,
    prepare: async ({ client, other }) => {
      const image = await freshImage(client, 'shared');
      await pushWhole(other, image);
      await pushWhole(client, image);
      await fillWithRows(client, image);
      return async () => {
        await deleteRepository(client);
        // Its name is free immediately; what these requests commit comes between the slices.
        for (const tag of ['again', 'once-more']) await pushWhole(client, buildLargeIndex(1, tag), tag);
      };
    },
  },
  {
    name: 'deleting a manifest',
    prepare: async ({ client }) => {
      const image = await freshImage(client, 'deleted');
      await pushWhole(client, image);
      return () => deleteManifest(client, image.manifest.digest);
    },
  },
  {
    name: 'deleting a blob',
    prepare: async ({ client }) => {
      const blob = freshBlob(client, 'deleted');
      await sendBlob(client, blob, 'put');
      return () => deleteBlob(client, blob);
    },
  },
  {
    name: 'changing policy',
    prepare: async ({ client }) => {
      const [old, young] = [`${client.ledger.repository} old`, `${client.ledger.repository} young`];
      await addRule(client, old);
      return async () => {
        await addRule(client, young);
        await switchRule(client, young);
        await deleteRule(client, old);
      };
    },
  },
  {
    name: 'collecting garbage',
    isAskedAbout: true,
    prepare: async ({ client, age }) => {
      await pushWhole(client, await freshImage(client, 'kept'));
      const image = await freshImage(client, 'garbage');
      await pushWhole(client, image, 'garbage');
      await deleteManifest(client, image.manifest.digest);
      await beginUpload(client, freshBlob(client, 'abandoned'));
      await continueUpload(client, client.ledger.uploads[0]!, 1_000);
      await age();
      return () => collect(client, true);
    },
  },
];

/** More rows than the transaction of a deletion removes, and the first slices: tags, and entries of an index. */
async function fillWithRows(client: Client, image: Pushable): Promise<void> {
  for (let from = 0; from < 576; from += 64) {
    await pushManifest(client, image, ...Array.from({ length: 64 }, (_, n) => `t${from + n}`));
  }
  await pushWhole(client, buildLargeIndex(600, client.ledger.repository), 'index');
}

/** Bytes that no other repository has. */
export function freshBlob(client: Client, name: string): TestBlob {
  return blobOf(freshBytes(client, name));
}

function freshBytes({ ledger }: Client, name: string): Uint8Array {
  return seededBytes(`${ledger.repository} ${name}`, 20_000);
}

/** An image that no other repository has. */
export async function freshImage({ ledger }: Client, name: string): Promise<TestImage> {
  return await buildImage({ layers: [{ size: 3_000, seed: `${ledger.repository} ${name}` }] });
}
