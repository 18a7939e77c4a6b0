import { afterAll, beforeAll, vi } from 'vitest';
import { testsAgain } from '../_util/tests-again.ts';

// The same requests both ways as on SQLite; what "another process" changes is changed by another replica.
beforeAll(() => void vi.stubEnv('MCR_TEST_DATABASE', 'postgres'));
afterAll(() => void vi.unstubAllEnvs());

await testsAgain('manifests/quick-pulls.test.ts', 'postgres');
