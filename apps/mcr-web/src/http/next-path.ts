const base = 'https://mcr.invalid';

/** Where to go after the login: a path of this UI as `next` names it, else the front page. */
export function nextPath(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\')) return '/';
  const url = new URL(next, base);
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/';
}
