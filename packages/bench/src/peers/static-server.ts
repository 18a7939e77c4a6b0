import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';

const [host, port, certificate = '', key = '', manifestBytes] = process.argv.slice(2);
const manifest = Buffer.alloc(Number(manifestBytes), 'x');
const block = Buffer.alloc(1 << 20);
/** Of MCR's response with a manifest, which has an id and a date as well. */
const digest = `sha256:${'0'.repeat(64)}`;
const headers = {
  'Content-Type': 'application/vnd.oci.image.manifest.v1+json',
  'Content-Length': manifest.length,
  'Docker-Content-Digest': digest,
  ETag: `"${digest}"`,
  'X-Content-Type-Options': 'nosniff',
  'Docker-Distribution-Api-Version': 'registry/2.0',
  'X-Request-Id': '01900000-0000-7000-8000-000000000000',
};

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.3' },
  (request, response) => {
    const { method = '', url = '' } = request;
    const size = /^\/v2\/bench\/blobs-(\d+)\/blobs\/sha256:/.exec(url)?.[1];
    request.resume();
    request.once('end', () => {
      if (size !== undefined) return sendZeros(response, Number(size));
      if (method === 'PUT') return response.writeHead(201, { 'Content-Length': 0 }).end();
      if (method === 'POST' || method === 'PATCH') {
        const headers = { 'Content-Length': 0, Location: '/v2/bench/static/blobs/uploads/one' };
        return response.writeHead(202, headers).end();
      }
      response.writeHead(200, headers).end(manifest);
    });
  },
);

function sendZeros(response: ServerResponse, size: number): void {
  response.writeHead(200, { 'Content-Length': size });
  let left = size;
  const write = (): void => {
    while (left > 0) {
      const part = block.subarray(0, left);
      left -= part.length;
      if (!response.write(part)) return;
    }
    response.end();
  };
  response.on('drain', write);
  write();
}

process.once('SIGTERM', () => process.exit(0));
server.listen(Number(port), host);
