import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0` puts it. */
const candidates = [
  process.env['MCR_TEST_TOXIPROXY'],
  join(process.env['GOBIN'] ?? join(homedir(), 'go/bin'), 'server'),
];

/** The path of toxiproxy, if it is installed. */
export function toxiproxyBinary(): string | undefined {
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/**
 * Whether tests with disturbed connections can run: `describe.skipIf(!requireToxiproxy())`. Throws under CI=true when it is
 * missing, since a test that silently does not run there proves nothing.
 */
export function requireToxiproxy(): boolean {
  if (toxiproxyBinary() !== undefined) return true;
  if (process.env['CI'] !== 'true') return false;
  throw new Error(
    'Run `go install github.com/Shopify/toxiproxy/v2/cmd/server@latest` to test with disturbed connections',
  );
}
