import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './env.ts';

const self = ["'self'"];
const none = ["'none'"];
/** For files that come from outside, should a browser show one after all. */
const sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'";
const hsts = 'max-age=63072000; includeSubDomains';

/** Headers that prevent a page from being framed, scripted or sniffed from outside (OWASP ASVS 5.0, 3.4). */
export function securityHeaders(tls: boolean): MiddlewareHandler<AppEnv> {
  const fixed = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: self,
      fontSrc: self,
      connectSrc: self,
      formAction: self,
      baseUri: none,
      frameAncestors: none,
    },
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    // With `no-referrer` browsers would hide the origin of forms, too.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
  });
  return async function addSecurityHeaders(c, next) {
    await fixed(c, next);
    const isFile = c.res.headers.get('Content-Disposition')?.startsWith('attachment') === true;
    if (isFile) c.header('Content-Security-Policy', sandbox);
    // A browser would require https for `localhost` on every port, and so for other servers of a developer.
    const promise = tls && new URL(c.req.url).hostname !== 'localhost';
    if (promise) c.header('Strict-Transport-Security', hsts);
  };
}
