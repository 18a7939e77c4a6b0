import { afterAll, beforeAll, vi } from 'vitest';

// What clients may rely on, from the files that ask it of a registry on SQLite: this one has its database in PostgreSQL, and its
// directory of blobs is shared.
beforeAll(() => void vi.stubEnv('MCR_TEST_DATABASE', 'postgres'));
afterAll(() => void vi.unstubAllEnvs());

await import('../blobs/protocol.test.ts');
await import('../manifests/protocol.test.ts');
await import('../manifests/deletes.test.ts');
await import('../uploads/protocol.test.ts');
await import('../tags/protocol.test.ts');
