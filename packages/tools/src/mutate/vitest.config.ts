import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import { root } from '../paths.ts';
import { CheapestFirst } from './cheapest-first.ts';
import { subjectNamed } from './subjects.ts';

/** StrykerJS tests a copy of the checkout, whose packages are linked to those of the checkout itself. */
const checkout = dirname(realpathSync(join(root, 'node_modules')));

const packagesOfCopy: Plugin = {
  name: 'packages-of-copy',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (!source.startsWith('@mcr/')) return;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    if (found === null || found.id.startsWith(`${root}/`) || !found.id.startsWith(`${checkout}/`)) return found;
    return { ...found, id: root + found.id.slice(checkout.length) };
  },
};

/** Mutants make code many times slower: tests that read megabytes read kilobytes, and try hundreds of random inputs. */
const smallerInputs: Plugin = {
  name: 'smaller-inputs',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/packages\/core\/src\/.*\.test\.ts$/.test(id)) return;
    return code
      .replaceAll(/\b2 \*\* (?:18|19|21|22)\b/g, '2 ** 12')
      .replaceAll(/\b2_000_000\b/g, '20_000')
      .replaceAll(/numRuns: [\d_]{4,}/g, 'numRuns: 500');
  },
};

/** The tests of one subject, for StrykerJS: it runs those that reach a mutant, again and again in one process. */
export default defineConfig({
  root,
  plugins: [packagesOfCopy, smallerInputs],
  test: {
    include: [...subjectNamed(process.env['MCR_MUTATE_SUBJECT']).tests],
    setupFiles: ['packages/tools/src/mutate/testing/same-inputs.ts', 'packages/tools/src/test/quiet-console.ts'],
    isolate: false,
    sequence: { sequencer: CheapestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
