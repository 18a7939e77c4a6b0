import { Connection, requestHead } from '../connection.ts';
import { uniqueContent } from '../content.ts';
import { expectStatus, pushBlob } from '../push.ts';
import type { Workload } from './workload.ts';

const repository = 'bench/blobs';
const mebibyte = 1 << 20;

/** Pulls one large blob. */
export const blobPull: Workload = {
  name: 'blob pull over TLS',
  unit: 'MiB',
  async prepare(peer, { quick }) {
    const content = uniqueContent((quick ? 64 : 1_024) * mebibyte);
    const connection = await Connection.open(peer);
    await pushBlob(connection, peer, repository, content);
    return async () => {
      using _ = connection;
      const answer = await expectStatus(
        200,
        connection.send(requestHead(peer, 'GET', `/v2/${repository}/blobs/${content.digest}`)),
      );
      return answer.bodyBytes / mebibyte;
    };
  },
};

/** Pushes one large blob that is new to the registry, in one PATCH. */
export const blobPush: Workload = {
  name: 'blob push over TLS, stream',
  unit: 'MiB',
  async prepare(peer, { quick }) {
    const content = uniqueContent((quick ? 64 : 1_024) * mebibyte);
    const connection = await Connection.open(peer);
    return async () => {
      using _ = connection;
      await pushBlob(connection, peer, repository, content);
      return content.size / mebibyte;
    };
  },
};
