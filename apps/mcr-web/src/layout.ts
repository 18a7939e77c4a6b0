import { versionLine } from '@mcr/core';
import { html } from 'hono/html';
import { themeForm } from './shell/account-menu.ts';
import type { Frame } from './shell/frame.ts';
import { newsPlace } from './shell/news.ts';
import { rail } from './shell/rail.ts';
import { tabbar } from './shell/tabbar.ts';
import { topbar } from './shell/topbar.ts';
import { inlineCopyButton } from './ui/fragments.ts';
import { helpDialog } from './ui/help.ts';
import { icon, mark } from './ui/icons.ts';
import type { Fragment, Page } from './ui/page.ts';

/** No inline scripts, no eval; errors only replace the line above the page. */
const htmxConfig = JSON.stringify({
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '[45]..', swap: true, error: true },
  ],
});

const fonts = ['inter-latin-wght-normal.woff2', 'jetbrains-mono-latin-wght-normal.woff2'] as const;

/**
 * The frame of every page. `rel="expect"` has browsers draw it once its end is there: the parts of half a page would move.
 * https://html.spec.whatwg.org/multipage/links.html#link-type-expect
 */
export function layout(page: Page, frame: Frame): Fragment {
  const { staticFiles, theme, session } = frame;
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<title>${page.title} - MCR</title>
<meta name="generator" content="mcr-web ${versionLine}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${htmxConfig}">
${page.refreshSeconds === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}"></noscript>`}
<link rel="icon" type="image/svg+xml" href="${staticFiles.path('favicon.svg')}">
${fonts.map((name) => html`<link rel="preload" as="font" type="font/woff2" href="${staticFiles.path(name)}" crossorigin>`)}
<link rel="stylesheet" href="${staticFiles.path('style.css')}">
<link rel="expect" href="#said" blocking="render">
<script src="${staticFiles.path('htmx.min.js')}" defer></script>
<script src="${staticFiles.path('app.js')}" defer></script>
${isLive(page, frame) ? html`<script src="${staticFiles.path('live.js')}" defer></script>` : ''}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${
  session === undefined
    ? bare(page, frame)
    : html`<div class="app">
${rail(frame, session)}
${topbar(frame, page.crumbs ?? [{ text: page.title }])}
<main id="main" class="page" tabindex="-1">${content(page, frame)}</main>
${foot(page)}
${tabbar(frame, session)}
</div>`
}
<div id="said" role="status" class="vh"></div>
${session === undefined ? '' : helpDialog()}
</body>
</html>
`;
}

/** Guests have no session that a stream could end with. */
function isLive(page: Page, { session }: Frame): page is Page & { readonly live: string } {
  return page.live !== undefined && session !== undefined && session.isGuest !== true;
}

/** The frame of a visitor who is not signed in. */
function bare(page: Page, frame: Frame): Fragment {
  return html`<div class="bare"><main id="main" tabindex="-1"><a href="/" aria-label="${frame.host}">${mark()}</a>${content(page, frame)}</main>
<footer class="bare__foot"><span>MCR ${versionLine}</span>${themeForm(frame)}</footer></div>`;
}

function content(page: Page, frame: Frame): Fragment {
  const { flash } = frame;
  return html`<div id="alerts" role="alert"></div>
<div id="flash" role="status">${flash === undefined ? '' : html`<div class="toast">${icon('check')}<span>${flash}</span></div>`}</div>
${isLive(page, frame) ? newsPlace(page.live) : ''}${page.content}`;
}

function foot({ command, commandNote }: Page): Fragment {
  const same = (line: string) =>
    html`<span class="foot__cli">Same in the terminal: <code>${line}</code>${inlineCopyButton(line, 'command for this page')}${commandNote === undefined ? '' : ` ${commandNote}`}</span>`;
  return html`<footer class="foot">${command === undefined ? '' : same(command)}<span>mcr-web ${versionLine}</span></footer>`;
}
