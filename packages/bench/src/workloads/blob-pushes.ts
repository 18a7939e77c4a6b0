import { Connection } from '../connection.ts';
import { type Content, uniqueContent } from '../content.ts';
import { measured } from '../measured.ts';
import { pushBlob, type Shape } from '../push.ts';
import { formatBytes, type Scale } from '../scale.ts';
import type { Workload } from '../workload.ts';

const repository = 'bench/pushes';
const mebibyte = 1 << 20;
const smallBlob = mebibyte;
/** Enough bytes for a clock that ticks every 10 ms. */
const mediumBlobs = 3;
const shapes: readonly Shape[] = ['one PUT', 'one PATCH', '5 MiB chunks'];

/** Pushes of blobs that are new to the registry, one after the other, in each shape. */
export function blobPushes({ largeBlob, mediumBlob, smallBlobs }: Scale): readonly Workload[] {
  const sizes = [
    [largeBlob, 1],
    [mediumBlob, mediumBlobs],
    [smallBlob, smallBlobs],
  ] as const;
  return sizes.flatMap(([size, count]) => shapes.map((shape) => blobPush(size, count, shape)));
}

/** A large one in pieces, and several small ones. */
export function blobPushWarmUps({ largeBlob }: Scale): readonly Workload[] {
  return [blobPush(largeBlob / 8, 1, 'one PATCH'), blobPush(smallBlob, 8, 'one PUT')];
}

function blobPush(size: number, count: number, shape: Shape): Workload {
  return {
    name: `blob push ${formatBytes(size)}, ${shape}`,
    isStatic: shape === 'one PATCH',
    async measure(peer) {
      const contents: readonly Content[] = Array.from({ length: count }, () => uniqueContent(size));
      using connection = await Connection.open(peer);
      return await measured(peer, 'MiB', async () => {
        for (const content of contents) await pushBlob(connection, peer, repository, content, shape);
        return (size * count) / mebibyte;
      });
    },
  };
}
