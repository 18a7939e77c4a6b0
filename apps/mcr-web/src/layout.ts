import { versionLine } from '@mcr/core';
import { html } from 'hono/html';
import { type Session, type Theme } from './http/env.ts';
import { isAdmin } from './http/session.ts';
import type { StaticFiles } from './static-files.ts';
import { csrfField } from './ui/forms.ts';
import { copyLine } from './ui/fragments.ts';
import { helpDialog } from './ui/help.ts';
import type { Fragment, Page } from './ui/page.ts';

/** The request's properties that the frame uses. */
export interface Frame {
  readonly session: Session | undefined;
  readonly csrf: string;
  readonly theme: Theme;
  readonly url: URL;
  /** Path of a page that can be opened again. */
  readonly here: string;
  readonly staticFiles: StaticFiles;
  /** The result of the previous change. */
  readonly flash: string | undefined;
}

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

/** The frame of every page. */
export function layout({ title, command, commandNote, refreshSeconds, content }: Page, frame: Frame): Fragment {
  const { staticFiles, theme, session, flash } = frame;
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<title>${title} - MCR</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${htmxConfig}">
${refreshSeconds === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`}
<link rel="icon" type="image/svg+xml" href="${staticFiles.path('favicon.svg')}">
<link rel="stylesheet" href="${staticFiles.path('style.css')}">
<script src="${staticFiles.path('htmx.min.js')}" defer></script>
<script src="${staticFiles.path('app.js')}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar">
<a class="brand" href="/">MCR</a>
${session === undefined ? '' : navigation(frame, session)}
</header>
<main id="main" tabindex="-1">
<div id="alerts" role="alert"></div>
<div id="flash" role="status">${flash === undefined ? '' : html`<p class="notice ok">${flash}</p>`}</div>
${content}
</main>
<footer class="bar">
<p>mcr-web ${versionLine}</p>
${command === undefined ? '' : html`<p>CLI for this page: ${copyLine(command, 'command for this page')}${commandNote === undefined ? '' : `, ${commandNote}`}</p>`}
<div class="aids">${session === undefined ? '' : html`<button type="button" class="link script" data-help>Keyboard</button>`}
${themeForm(frame)}</div>
</footer>
<div id="said" role="status" class="hidden"></div>
${session === undefined ? '' : helpDialog()}
</body>
</html>
`;
}

const allUsers = [
  ['/', 'Overview', 'o'],
  ['/repositories', 'Repositories', 'r'],
] as const;
const admins = [
  ['/policies', 'Policies', 'p'],
  ['/audit', 'Audit', 'a'],
  ['/storage', 'Storage', 's'],
  ['/accounts', 'Accounts', 'c'],
] as const;

function navigation({ url, csrf }: Frame, session: Session): Fragment {
  const links = isAdmin(session) ? [...allUsers, ...admins] : allUsers;
  const isHere = (path: string) => (path === '/' ? url.pathname === '/' : url.pathname.startsWith(path));
  const current = html` aria-current="page"`;
  return html`<nav aria-label="Main"><ul>
${links.map(
  ([path, name, key]) =>
    html`<li><a href="${path}" data-key="${key}" title="g ${key}"${isHere(path) ? current : ''}>${name}</a></li>`,
)}
</ul></nav>
<div class="person"><a href="/me"${isHere('/me') ? current : ''}>${session.username}</a>
<form method="post" action="/logout">${csrfField(csrf)}<button class="link">Sign out</button></form></div>`;
}

const themes: readonly (readonly [Theme, string])[] = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function themeForm({ theme, csrf, here }: Frame): Fragment {
  return html`<form method="post" action="/theme" class="themes" aria-label="Colors">${csrfField(csrf)}
<input type="hidden" name="next" value="${here}">
${themes.map(([value, name]) => html`<button class="link" name="theme" value="${value}" aria-pressed="${String(value === theme)}">${name}</button>`)}
</form>`;
}
