import { join } from 'node:path';

/** The repository's top folder, absolute. */
export const root = join(import.meta.dirname, '..', '..', '..');

/** Where pnpm links the tools' commands, among them the pinned Node. */
export const bin = join(root, 'node_modules', '.bin');

/** What the scripts may throw away and make again. */
export const cache = join(root, 'node_modules', '.cache');

/** The binaries, each built from `apps/<name>`. */
export const apps = ['mcrsrv', 'mcr-web', 'mcrctl'] as const;

/** The name of one binary. */
export type App = (typeof apps)[number];

/** The bundle of one binary, as `npm run build` leaves it. */
export function bundlePath(app: App): string {
  return join(root, 'apps', app, 'dist', `${app}.mjs`);
}
