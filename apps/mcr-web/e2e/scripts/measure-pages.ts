// `node apps/mcr-web/e2e/scripts/measure-pages.ts`: how long pages take, and how many bytes they are with style and
// scripts, in a registry with 10,000 repositories and 100,000 tags. Build both servers first. Exits with 1 when a page is
// too slow or too large.
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { visit } from '../../test/_util/visitor.ts';
import { startStack } from '../_util/stack.ts';
import { fillImages } from './measure/images.ts';
import { type Measured, measured } from './measure/pages.ts';
import { fillPeople } from './measure/people.ts';

const rounds = 60;
const warmUp = 5;
const maxMs = 100;
const maxBytes = 200_000;

await using stack = await startStack();
await stack.registry.stop();
fill(stack.registry.directory);
await stack.registry.restart();

const grace = await stack.registry.addAccount('grace');
const adminCookie = await signIn('admin', stack.registry.adminPassword);
const personCookie = await signIn(grace.username, grace.password);
const agent = new Agent({ ca: stack.registry.ca, keepAlive: true, maxSockets: 1 });
const statics = await bytesOfStatics();
console.log(`style, scripts and icons: ${kilobytes(statics)} KB, counted into each page\n`);
console.log('| page | p50 ms | p95 ms | KB in all | |\n|---|--:|--:|--:|---|');
let isGood = true;
for (const page of measured) {
  const { name, p50, p95, bytes } = await measure(page);
  const problems = [p95 > maxMs ? 'slow' : '', bytes > maxBytes ? 'large' : ''].filter((word) => word !== '');
  if (problems.length > 0) isGood = false;
  console.log(`| ${name} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${kilobytes(bytes)} | ${problems.join(', ')} |`);
}
agent.destroy();
process.exitCode = isGood ? 0 : 1;

async function signIn(username: string, password: string): Promise<string> {
  const visitor = visit({ url: stack.url, ca: { caPem: stack.registry.ca } });
  await visitor.signIn(username, password);
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

async function measure({ path, deep = 0, asPerson = false }: Measured) {
  const cookie = asPerson ? personCookie : adminCookie;
  let here = path;
  for (let at = 0; at < deep; at += 1)
    here = nextOf((await get(here, cookie)).toString()) ?? raise(`${here} is the last page`);
  const times: number[] = [];
  let bytes = 0;
  for (let at = -warmUp; at < rounds; at += 1) {
    const start = performance.now();
    bytes = (await get(here, cookie)).length;
    if (at >= 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const part = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  const name = `${path}${deep === 0 ? '' : `, ${deep} pages on`}${asPerson ? ', not as admin' : ''}`;
  return { name, p50: part(0.5), p95: part(0.95), bytes: bytes + statics };
}

function nextOf(body: string): string | undefined {
  return /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
}

async function bytesOfStatics(): Promise<number> {
  const found = (await get('/')).toString().matchAll(/\/static\/[^"#]+/g);
  const paths = [...new Set([...found].map(([path]) => path))].filter((path) => !path.endsWith('.woff2'));
  const files = await Promise.all(paths.map((path) => get(path)));
  return files.reduce((sum, file) => sum + file.length, 0);
}

async function get(path: string, cookie = adminCookie): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  request(stack.url + path, { agent, headers: { cookie, 'accept-encoding': 'gzip' } }, (response) => {
    if (response.statusCode === 200) buffer(response).then(resolve, reject);
    else reject(new Error(`${path}: ${response.statusCode}`));
  })
    .on('error', reject)
    .end();
  return await promise;
}

function fill(directory: string): void {
  const db = new DatabaseSync(join(directory, 'mcr.db'));
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  fillImages(db, directory);
  fillPeople(db);
  db.exec('COMMIT');
  db.close();
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

function raise(message: string): never {
  throw new Error(message);
}
