import { version } from '@mcr/core';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { StaticFiles } from './static-files.ts';

/** HTML in which whatever came from outside is escaped. */
export type Fragment = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What a page says of itself to the frame around it. */
export interface PageFrame {
  /** Stands in the tab, before the program's name. */
  readonly title: string;
  readonly staticFiles: StaticFiles;
  /** The mcrctl command that shows the same. */
  readonly command?: string;
  readonly content: Fragment;
}

/** The frame around every page. */
export function layout({ title, staticFiles, command, content }: PageFrame): Fragment {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} - MCR</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="${staticFiles.path('favicon.svg')}">
<link rel="stylesheet" href="${staticFiles.path('style.css')}">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar"><nav aria-label="Main"><a class="brand" href="/">MCR</a></nav></header>
<main id="main">
${content}
</main>
<footer class="bar">
<p>mcr-web ${version}</p>
${command === undefined ? '' : html`<p>CLI for this page: <code>${command}</code></p>`}
</footer>
</body>
</html>
`;
}
