import type { Connection } from '../connection.ts';
import type { Image } from '../content.ts';
import { measured } from '../measured.ts';
import { pushAgain, pushImage } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Workload } from '../workload.ts';

/** Pushes of small images: two layers, a config and a manifest, all new. */
export const imagePushes: readonly Workload[] = [imagePush(1), imagePush(10), imagePush(50), imagePushAgain(10)];

/** Some of them, into the same repositories. */
export const imageWarmUps: readonly Workload[] = [imagePush(10), imagePushAgain(10)];

/** Each client pushes into a repository of its own. */
function imagePush(clients: number): Workload {
  return {
    name: `small image push, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    isStatic: clients === 10,
    async measure(peer, scale) {
      using open = await openConnections(peer, clients);
      let pushes = 0;
      const push = (connection: Connection, client: number) => {
        pushes += 1;
        return pushImage(connection, peer, `bench/images-${client}`, `v${pushes}`);
      };
      return await measured(peer, 'image', await warmedUp(open, scale, push));
    },
  };
}

/** Each client pushes an image that is already there. */
function imagePushAgain(clients: number): Workload {
  return {
    name: `re-push of an existing image, ${clients} clients`,
    async measure(peer, scale) {
      using open = await openConnections(peer, clients);
      const images: Image[] = [];
      for (const [client, connection] of open.entries())
        images.push(await pushImage(connection, peer, `bench/again-${client}`, 'v1'));
      const push = (connection: Connection, client: number) => pushAgain(connection, peer, images[client]!);
      return await measured(peer, 'image', await warmedUp(open, scale, push));
    },
  };
}
