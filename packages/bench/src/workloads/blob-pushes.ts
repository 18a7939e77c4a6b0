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
const smallBlobs = 60;
const shapes: readonly Shape[] = ['one PUT', 'one PATCH', '5 MiB chunks'];

/** Pushes of blobs that are new to the registry, one after the other, in each shape. */
export function blobPushes({ largeBlob, mediumBlob }: Scale): readonly Workload[] {
  const sizes = [
    [largeBlob, 1],
    [mediumBlob, mediumBlobs],
    [smallBlob, smallBlobs],
  ] as const;
  return sizes.flatMap(([size, count]) => shapes.map((shape) => blobPush(size, count, shape)));
}

/** Half of what is pushed first. */
export function blobPushWarmUp({ largeBlob }: Scale): Workload {
  return blobPush(largeBlob / 8, 4, 'one PATCH');
}

function blobPush(size: number, count: number, shape: Shape): Workload {
  return {
    name: `blob push ${formatBytes(size)}, ${shape}`,
    isStatic: shape === 'one PATCH',
    async measure(peer, { name }) {
      const times = name === 'smoke' ? 1 : count;
      const contents: readonly Content[] = Array.from({ length: times }, () => uniqueContent(size));
      using connection = await Connection.open(peer);
      return await measured(peer, 'MiB', async () => {
        for (const content of contents) await pushBlob(connection, peer, repository, content, shape);
        return (size * times) / mebibyte;
      });
    },
  };
}
