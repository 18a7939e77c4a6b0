import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { requireTools } from '../deploy/_util/tools.ts';
import type { Row } from './_util/observation.ts';
import { renderDocument, renderRow } from './_util/table.ts';
import { scenarios } from './scenarios.ts';

const observed = new Map<string, readonly Row[]>();

describe.concurrent('under faults, a registry keeps what it acknowledged and recovers', () => {
  for (const { name, tools, run } of scenarios) {
    test.skipIf(tools.length > 0 && !requireTools(...tools))(name, async () => {
      observed.set(name, await run());
    });
  }
});

test('docs/faults.md is what was observed; node apps/mcrsrv/e2e/faults/write.ts brings it up to date', async () => {
  const text = await readFile(new URL('../../../../docs/faults.md', import.meta.url), 'utf8');
  const rows = scenarios.flatMap(({ name }) => observed.get(name) ?? []);
  if (observed.size === scenarios.length) expect(text).toBe(renderDocument(rows));
  else for (const row of rows) expect(text).toContain(renderRow(row));
});
