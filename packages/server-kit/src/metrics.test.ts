import { expect, test } from 'vitest';
import { HttpMetrics } from './metrics.ts';

test('every metric of a program has its prefix, and those of process and Node have none', async () => {
  const metrics = new HttpMetrics({ prefix: 'mcr_web', certificateNotAfter: () => 5_000 });
  metrics.observe({ method: 'GET', route: '/login', status: 200, startedAt: performance.now() - 20 });
  metrics.observe({ method: 'PUT', route: undefined, status: 405, startedAt: performance.now() });
  metrics.rejectConnection('web', 'address');
  const text = await metrics.registry.metrics();
  for (const line of [
    'mcr_web_http_requests_total{method="GET",route="/login",status="200"} 1',
    'mcr_web_http_requests_total{method="PUT",route="none",status="405"} 1',
    'mcr_web_http_request_duration_seconds_bucket{le="0.01",method="GET",route="/login"} 0',
    'mcr_web_http_request_duration_seconds_count{method="GET",route="/login"} 1',
    'mcr_web_connections_rejected_total{listener="web",reason="address"} 1',
    'mcr_web_tls_certificate_not_after_seconds 5',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/^mcr_web_build_info\{version=".+",commit=".*"\} 1$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test('a program without a certificate has no metric of one', async () => {
  const text = await new HttpMetrics({ prefix: 'mcr_web' }).registry.metrics();
  expect(text).not.toContain('certificate');
});
