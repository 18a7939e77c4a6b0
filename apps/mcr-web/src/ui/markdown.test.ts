import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markdown } from './markdown.ts';

const rendered = async (text: string): Promise<string> => String(await markdown(text));

/** Tags of a text that was rendered, as the parser of HTML takes whatever begins so. */
const tagsIn = (text: string): string[] => text.match(/<[!/?a-z][^>]*>?/gi) ?? [];
const plainTag =
  /^<\/?(?:p|h[3-6]|em|strong|s|code|pre|ul|ol|li|blockquote|hr|br|table|thead|tbody|tr|th|td|a|div|p class="faint"|div class="readme")>$/;
const linkTag = /^<a href="(?:https?:\/\/|mailto:)[^"<>]*" rel="noopener nofollow">$/i;
const isHarmless = (tag: string): boolean => plainTag.test(tag) || linkTag.test(tag);

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<!-- --><iframe src="//example.com">',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#115;cript:alert(1))',
  '[a](&#x6A;avascript:alert(1))',
  '[a](\tjavascript:alert(1))',
  '[a](<java\nscript:alert(1)>)',
  '[a](vbscript:x)',
  '[a](data:text/html;base64,PHNjcmlwdD4=)',
  '[a](file:///etc/passwd)',
  '[a](/delete-tags/team/app?all=1)',
  '[a](//example.com)',
  '[a](?page=1)',
  '[a](https://example.com/"onmouseover="alert(1))',
  '[a](https://example.com "title\\" onmouseover=alert(1)")',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '[x]: https://example.com/?"><script>\n\n[x]',
  '![alt](https://example.com/track.png)',
  '![<b>](javascript:alert(1))',
  '![a [b](javascript:alert(1))](https://example.com/x.png)',
  '```"><script>alert(1)</script>\ncode\n```',
  '```html onclick=x\n</code></pre><script>alert(1)</script>\n```',
  '|a|\n|:-:|\n|<b onclick=x>|',
  '# <b>x</b> {onclick=x}',
  '`<img src=x onerror=alert(1)>`',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;',
  '<a href="https://example.com" style="position:fixed" onclick="x">a</a>',
  '<style>*{display:none}</style><form action=/logout method=post>',
];

describe('a text in Markdown', () => {
  test('has what readmes have, with headings below those of the page', async () => {
    const text = await rendered(
      '# App\n\nA *fine* **app**, `v1`.\n\n- one\n- two\n\n|a|b|\n|:-:|--|\n|1|2|\n\n###### Deep',
    );
    for (const part of [
      '<h3>App</h3>',
      '<em>fine</em>',
      '<code>v1</code>',
      '<li>two</li>',
      '<th>a</th>',
      '<h6>Deep</h6>',
    ])
      expect(text).toContain(part);
  });

  test.each(['https://example.com/a?b=c&d', 'http://example.com', 'mailto:team@example.com'])(
    'leads to %s, without a trace',
    async (address) => {
      expect(await rendered(`[here](${address})`)).toContain(
        `<a href="${address.replace('&', '&amp;')}" rel="noopener nofollow">here</a>`,
      );
    },
  );

  test.each(attacks)('does no harm: %j', async (attack) => {
    for (const text of [attack, `> - ${attack}`, `*${attack}*`, `[${attack}](https://example.com)`]) {
      expect(tagsIn(await rendered(text)).filter((tag) => !isHarmless(tag))).toEqual([]);
    }
  });

  test('loads nothing: an image is its words', async () => {
    const text = await rendered('![the logo](https://example.com/logo.png "x")');
    expect(text).toContain('the logo');
    expect(text).not.toContain('example.com');
  });

  test('does no harm whatever its parts are', async () => {
    const part = fc.constantFrom(
      ...attacks,
      '\n\n',
      '> ',
      '- ',
      '"',
      "'",
      '<',
      '>',
      '](',
      '[',
      '![',
      '`',
      '\\',
      '&',
      '*',
      '|',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, fc.string({ maxLength: 4 })), { maxLength: 12 }), async (parts) => {
        expect(tagsIn(await rendered(parts.join(''))).filter((tag) => !isHarmless(tag))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['quotes', '>'.repeat(100_000)],
    ['lists', '- '.repeat(50_000)],
    ['brackets', '['.repeat(100_000)],
    ['stars', '*a'.repeat(50_000)],
    ['backticks', Array.from({ length: 400 }, (_, at) => '`'.repeat(at)).join(' ')],
    ['links', '[a](https://example.com'.repeat(4_000)],
  ])('ends with many %s, and is cut where it is too long', async (_what, text) => {
    const shown = await rendered(text);
    expect(shown.length).toBeLessThan(4_000_000);
    expect(shown.includes('The rest is left out.')).toBe(text.length > 64 * 1024);
  });
});
