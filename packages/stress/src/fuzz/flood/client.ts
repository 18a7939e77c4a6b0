import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

/**
 * `node client.ts PORT CA-FILE COUNT TOKEN UPLOAD BLOB`: opens so many connections, prints `ready OPEN` when no more can be
 * opened, and keeps them with a byte now and then until its standard input ends; those that the server closes are
 * opened again. UPLOAD and BLOB are paths.
 */
const [port = '', caPath = '', count = '', token = '', upload = '', blob = ''] = process.argv.slice(2);
const secureContext = createSecureContext({ ca: readFileSync(caPath) });
/** Handshakes at a time. */
const width = 64;
/** Often enough for no idle timeout to see it. */
const dripMs = 2_000;

/** Opened again at a time, so that a server that accepts no more is not flooded with attempts. */
const reopened = 100;

const signedIn = `HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
const put = `PUT /v2/flood/app/manifests/slow ${signedIn}`;
const form = 'POST /v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n';
/** What is sent at first; the drops that follow belong to headers, to bodies, or are not sent at all. */
const openings = [
  { start: '', drips: false },
  { start: '', drips: false },
  { start: 'GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', drips: true },
  { start: `${put}Content-Length: 1000000\r\n\r\n`, drips: true },
  { start: `${form}Content-Length: 9000\r\n\r\n`, drips: true },
  { start: `PATCH ${upload} ${signedIn}Content-Length: 1000000\r\n\r\n`, drips: true },
  { start: `GET ${blob} ${signedIn}\r\n`, drips: false, reads: false },
];

/** Of the loopback, where every address of 127.0.0.0/8 is one's own: a flood comes from many, each with a few. */
const addressOf = (at: number): string => `127.0.1.${1 + (at % 250)}`;

const sockets = new Set<TLSSocket>();
const dripping: TLSSocket[] = [];
let session: Buffer | undefined;

async function open(at: number): Promise<void> {
  const { start, drips, reads = true } = openings[at % openings.length]!;
  const localAddress = addressOf(at);
  const to = { host: '127.0.0.1', port: Number(port), localAddress };
  const socket = connect({ ...to, secureContext, servername: 'localhost', session });
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.on('session', (ticket: Buffer) => {
    session ??= ticket;
  });
  if (reads) socket.resume();
  await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]).catch(() => {});
  if (socket.destroyed) return;
  sockets.add(socket);
  socket.write(start);
  if (drips) dripping.push(socket);
}

let next = 0;
const work = async (): Promise<void> => {
  while (next < Number(count)) await open(next++);
};
await Promise.all(Array.from({ length: width }, work));
process.stdout.write(`ready ${sockets.size}\n`);
const drip = setInterval(() => {
  for (let lost = Math.min(reopened, Number(count) - sockets.size); lost > 0; lost -= 1) void open(next++);
  for (const socket of dripping) if (!socket.destroyed) socket.write('x');
}, dripMs);
process.stdin.resume();
await once(process.stdin, 'end');
clearInterval(drip);
process.stdout.write(`open ${sockets.size}\n`);
for (const socket of sockets) socket.destroy();
