import { readFileSync } from 'node:fs';
import { Agent, createServer, get } from 'node:https';
import { pipeline } from 'node:stream/promises';

const [host, port, certificate = '', key = '', caPath = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, ca: readFileSync(caPath) });

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key), minVersion: 'TLSv1.3' },
  (request, response) => {
    const object = request.headers['x-object'];
    if (typeof object !== 'string') return void response.writeHead(200, { 'Content-Length': 0 }).end();
    get(object, { agent }, (found) => {
      response.writeHead(found.statusCode ?? 500, { 'Content-Length': found.headers['content-length'] });
      // The client of a measurement hangs up at its end.
      pipeline(found, response).catch(() => {});
    });
  },
);

process.once('SIGTERM', () => process.exit(0));
server.listen(Number(port), host);
