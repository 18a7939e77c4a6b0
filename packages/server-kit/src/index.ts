export {
  bodyLength,
  drainBody,
  type NodeExchange,
  readBody,
  readWhole,
  smallBodyMs,
  type WholeBody,
} from './body.ts';
export { BodyBytes, type BodyMeter } from './body-bytes.ts';
export { plainAddress, TrustedProxies } from './client-address.ts';
export { type ConnectionLimits, connectionLimits } from './connection-limit.ts';
export { pathProblem, type Refusal, refuseAmbiguous } from './guard.ts';
export { isHost } from './host.ts';
export { InFlight } from './in-flight.ts';
export { type BucketOptions, LeakyBuckets } from './leaky-buckets.ts';
export { type ConnectionBounds, limitConnections } from './limit-connections.ts';
export { type ListenAddress, listen } from './listen.ts';
export { networkOf } from './network-of.ts';
export { type Entry, type PlaceBounds, Places } from './places.ts';
export { explainPlainHttp } from './plain-http.ts';
export { RecentMap } from './recent-map.ts';
export { type OnReject, type Rejection, rejectionLog } from './rejections.ts';
export { RequestLine } from './request-line.ts';
export { openRecord, type RequestRecord, recordOf } from './request-record.ts';
export { limitResets } from './reset-limit.ts';
export { watchSessions } from './session-watch.ts';
export { type Closable, closeGracefully } from './shutdown.ts';
export { survive } from './survive.ts';
export { retryAfter, tooManyRequests } from './too-many-requests.ts';
