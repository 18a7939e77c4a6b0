import { expect, test } from 'vitest';
import { loadStaticFiles } from '../../static-files.ts';
import { failureView, notFoundView, unreachableView } from './view.ts';

const staticFiles = loadStaticFiles();
const hostile = `"><script>alert(1)</script>`;

test.each([
  ['a path', () => notFoundView({ path: hostile, staticFiles })],
  ['a request id on the page of an unreachable registry', () => unreachableView({ requestId: hostile, staticFiles })],
  ['a request id on the page of a failure', () => failureView({ requestId: hostile, staticFiles })],
])('%s is shown as text', async (_name, view) => {
  const page = String(await view());
  expect(page).toContain('<code>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</code>');
  expect(page).not.toContain('<script');
});
