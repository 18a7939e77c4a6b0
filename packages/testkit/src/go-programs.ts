import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Programs that tests and the benchmark use and that `go install` brings: by the name of their file, which is that of their folder. */
const modules = {
  /** Toxiproxy, which disturbs connections. */
  server: 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0',
  /** Checks a file of Docker Compose. */
  cmd: 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2',
  /** distribution, the registry that the benchmark measures beside MCR. */
  registry: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.2',
} as const;

/** The name of a program of Go's. */
export type GoProgram = keyof typeof modules;

/** Where `go install` puts programs. */
const directory = process.env['GOBIN'] ?? join(homedir(), 'go', 'bin');

/** The path of a program, if it is installed. */
export function findGoProgram(name: GoProgram): string | undefined {
  const path = join(directory, name);
  return existsSync(path) ? path : undefined;
}

/**
 * Whether tests with a program can run: `describe.skipIf(!requireGoProgram('server'))`. Throws under CI=true when it is
 * missing, since a test that silently does not run there proves nothing.
 */
export function requireGoProgram(name: GoProgram): boolean {
  if (findGoProgram(name) !== undefined) return true;
  if (process.env['CI'] !== 'true') return false;
  throw new Error(`Run \`go install ${modules[name]}\` for the tests`);
}
