import { Connection } from '../connection.ts';
import { pushImage } from '../push.ts';
import type { Workload } from './workload.ts';

/** Pushes small images, each with two new layers, from several clients at once. */
export function imagePushes(clients: number): Workload {
  return {
    name: `small image push, ${clients} clients`,
    unit: 'images',
    async prepare(peer, { quick }) {
      const open = await Promise.all(Array.from({ length: clients }, () => Connection.open(peer)));
      const each = Math.ceil((quick ? 20 : 200) / clients);
      return async () => {
        await Promise.all(
          open.map(async (connection, client) => {
            for (let i = 0; i < each; i += 1) await pushImage(connection, peer, `bench/images-${client}`, `v${i}`);
            connection[Symbol.dispose]();
          }),
        );
        return each * clients;
      };
    },
  };
}
