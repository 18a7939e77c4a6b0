// `npm run clean`: removes what building and testing made. Dependencies and ./srv, the registry's data, stay.
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

const products = ['{.,apps/*}/dist', '{.,apps/*,packages/*}/.turbo', 'node_modules/.cache', '{test-output,coverage}'];
for (const path of globSync(products, { cwd: root })) rmSync(join(root, path), { recursive: true, force: true });
