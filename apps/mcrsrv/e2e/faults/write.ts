// `node apps/mcrsrv/e2e/faults/write.ts`, as root and after a build: writes docs/faults.md.
import { writeFileSync } from 'node:fs';
import type { Row } from './_util/observation.ts';
import { renderDocument } from './_util/table.ts';
import { scenarios } from './scenarios.ts';

const rows: Row[] = [];
for (const { run } of scenarios) rows.push(...(await run()));
writeFileSync(new URL('../../../../docs/faults.md', import.meta.url), renderDocument(rows));
