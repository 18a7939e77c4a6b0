import { describe, expect, test } from 'vitest';
import { renderMatrix } from './_document.ts';
import { cells, mustGetWhatIsOwed, rows, rowTimeoutMs, seen, useWorld, world } from './_matrix.ts';
import { ociRows } from './_oci-rows.ts';
import { declaredMethods, registeredRoutes } from './_registered.ts';
import { restRows } from './_rest-rows.ts';
import { rpcRows } from './_rpc-rows.ts';

describe('CVE-2026-27771, CVE-2025-68941, CVE-2026-28699: whatever the way in, a caller gets what it is owed', () => {
  useWorld(1);

  test('every route that is registered is in the matrix, and the other way round', () => {
    const routes = [...ociRows, ...restRows].map(({ title }) => title);
    expect(new Set(routes)).toEqual(new Set(registeredRoutes(world.server)));
  });

  test('every RPC that is declared is in the matrix, and the other way round', () => {
    const methods = rpcRows.map(({ title }) => title);
    expect(new Set(methods)).toEqual(new Set(declaredMethods()));
  });

  test.each(cells)('$title', ({ row }) => mustGetWhatIsOwed(row), rowTimeoutMs);

  test('docs/access-matrix.md says what came of it; vitest with --update brings it up to date', async () => {
    expect(seen.size, 'rows that were tried').toBe(rows.length);
    const parts = { oci: ociRows, rest: restRows, rpc: rpcRows };
    await expect(renderMatrix(parts, world.callers, seen)).toMatchFileSnapshot('../../../../docs/access-matrix.md');
  });
});

describe('with two workers, whatever the way in, a caller gets what it is owed', () => {
  useWorld(2);

  test.each(cells)('$title', ({ row }) => mustGetWhatIsOwed(row), rowTimeoutMs);
});
