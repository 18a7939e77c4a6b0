import { expect, test } from 'vitest';
import type { Page } from '../../ui/page.ts';
import {
  deniedView,
  failureView,
  missingView,
  notFoundView,
  rejectedView,
  unreachableView,
  unsureView,
  untrustedFormView,
} from './view.ts';

const hostile = `"><script>alert(1)</script>`;

test.each<[string, () => Page]>([
  ['a path', () => notFoundView({ path: hostile })],
  ['what the registry says of something missing', () => missingView({ message: hostile, path: hostile })],
  ['what the registry says of a denial, and a name', () => deniedView({ message: hostile, username: hostile })],
  ['the path of a form', () => untrustedFormView({ reason: hostile, path: hostile })],
  ['what the registry says of a bad request', () => rejectedView({ message: hostile, path: hostile })],
  ['a request id on the page of an unreachable registry', () => unreachableView({ requestId: hostile })],
  ['the path of a form without a response', () => unsureView({ requestId: hostile, path: hostile })],
  ['a request id on the page of a failure', () => failureView({ requestId: hostile })],
])('%s is shown as text', async (_name, view) => {
  const page = (await view().content).toString();
  expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script');
});
