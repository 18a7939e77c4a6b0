import type { Plugin } from 'esbuild';

/**
 * Replaces `string-width`: yargs measures its help with that, ours is in ASCII, and loading the tables of Unicode takes
 * longer than all the rest of a start of mcrctl.
 */
export const asciiWidthPlugin: Plugin = {
  name: 'ascii-width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'ascii' }));
    build.onLoad({ filter: /.*/, namespace: 'ascii' }, () => ({ contents: 'export default (text) => text.length;' }));
  },
};
