import { expect, test } from 'vitest';
import { highlightJson } from './highlight-json.ts';

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#13;': '\r',
  '&amp;': '&',
};

/** The text that a browser would show. */
async function textOf(json: string): Promise<string> {
  const page = String(await highlightJson(json));
  return page.replaceAll(/<[^>]*>/g, '').replaceAll(/&[^;]+;/g, (entity) => entities[entity] ?? entity);
}

test.each([
  '{"a":[1,{"b":null}],"c":{},"d":[ ]}',
  '{\r\n  "a": "<b>",\r\n  "c": -1.5e3\r\n}\n',
  '[]',
  '  {"a":1}\n',
  '{"a\\"{}":"\\\\,]&amp;"}',
  '"a"',
  '',
  '{"a":[',
  ']}',
])('the text of %j is every character of it', async (json) => {
  expect(await textOf(json)).toBe(json);
});

test('one long line is formatted by elements, each closed', async () => {
  const page = String(await highlightJson('{"a":[1,2],"b":{}}'));
  expect(page.match(/<span class="json-item">/g)).toHaveLength(4);
  expect(page.match(/<span/g)?.length).toBe(page.match(/<\/span>/g)?.length);
});
