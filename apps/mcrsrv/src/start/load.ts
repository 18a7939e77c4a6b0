import { setFlagsFromString } from 'node:v8';

const compilers = ['maglev', 'turbofan'] as const;

/**
 * Imports modules with V8's optimizing compilers off, and returns what `modules` resolves with. What reads and links
 * modules is hot until they are there, and never again; the pages of Node's executable in which it would be compiled, 6 MB,
 * would stay resident.
 */
export async function load<Modules>(modules: () => Promise<Modules>): Promise<Modules> {
  for (const compiler of compilers) setFlagsFromString(`--no-${compiler}`);
  try {
    return await modules();
  } finally {
    for (const compiler of compilers) setFlagsFromString(`--${compiler}`);
  }
}
