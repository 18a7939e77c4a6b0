export {
  bodyLength,
  drainBody,
  type NodeExchange,
  readBody,
  readWhole,
  smallBodyMs,
  type WholeBody,
} from './body.ts';
export { BodyBytes, type BodyLimits, type BodyMeter, defaultBodyLimits } from './body-bytes.ts';
export { type CertificateLog, Certificates } from './certificates.ts';
export { TrustedProxies } from './client-address.ts';
export { connectionBounds } from './connection-bounds.ts';
export { connectionLimits } from './connection-limit.ts';
export { freeChunks } from './gather-body.ts';
export { isHost, type RejectedRequest, rejectAmbiguous } from './guard.ts';
export { type BucketOptions, growingCache, LeakyBuckets } from './leaky-buckets.ts';
export { type ConnectionBounds, limitConnections } from './limit-connections.ts';
export { type ListenAddress, listen, tryListen } from './listen.ts';
export { Listeners } from './listeners.ts';
export { createMetricsListener, type Readiness } from './metrics-listener.ts';
export { networkOf } from './network-of.ts';
export { onceEvery } from './once-every.ts';
export { type Entry, type PlaceBounds, Places } from './places.ts';
export { explainPlainHttp } from './plain-http.ts';
export { readAuthorities } from './read-authorities.ts';
export { RequestLine } from './request-line.ts';
export { openRecord, type RequestRecord, recordOf } from './request-record.ts';
export { limitResets } from './reset-limit.ts';
export { ignoreSocketErrors, type RejectionForm, serveRequests } from './serve-requests.ts';
export { SessionTickets } from './session-tickets.ts';
export { watchSessions } from './session-watch.ts';
export { InFlight } from './shutdown.ts';
export { retryAfter, tooManyRequests } from './too-many-requests.ts';
