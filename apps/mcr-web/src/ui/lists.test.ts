import { expect, test } from 'vitest';
import { withQuery } from './lists.ts';

const url = new URL('https://mcr.invalid/audit?type=&actor=7&repository=&page=x');

test('links keep the filters of a list, without empty fields', () => {
  expect(withQuery(url, { page: undefined })).toBe('/audit?actor=7');
  expect(withQuery(url, { actor: '', page: '2', type: 'login' })).toBe('/audit?type=login&page=2');
  expect(withQuery(url, { actor: undefined, page: undefined })).toBe('/audit');
});
