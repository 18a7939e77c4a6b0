// `node apps/mcrctl/src/docs/write.ts`: writes docs/cli.md.
import { writeFileSync } from 'node:fs';
import { commandSet } from '../commands/index.ts';
import { renderReference } from './reference.ts';

writeFileSync(new URL('../../../../docs/cli.md', import.meta.url), renderReference(commandSet));
