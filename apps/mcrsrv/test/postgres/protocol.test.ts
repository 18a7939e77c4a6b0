import { afterAll, beforeAll, vi } from 'vitest';
import { testsAgain } from '../_util/tests-again.ts';

// What clients may rely on, from the files that ask it of a registry on SQLite: this one has its database in PostgreSQL, and its
// directory of blobs is shared.
beforeAll(() => void vi.stubEnv('MCR_TEST_DATABASE', 'postgres'));
afterAll(() => void vi.unstubAllEnvs());

await testsAgain('blobs/protocol.test.ts', 'postgres');
await testsAgain('manifests/protocol.test.ts', 'postgres');
await testsAgain('manifests/deletes.test.ts', 'postgres');
await testsAgain('uploads/protocol.test.ts', 'postgres');
await testsAgain('tags/protocol.test.ts', 'postgres');
