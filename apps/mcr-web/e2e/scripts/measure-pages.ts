// `node apps/mcr-web/e2e/scripts/measure-pages.ts`: how much CPU of both servers pages take, and how many bytes they are
// with style and scripts, in a registry with 10,000 repositories and 100,000 tags. Build both servers first. Exits with 1
// when a page takes too much, as a multiple of a response of `/v1/health` in the same run, or is too large.
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buffer } from 'node:stream/consumers';
import { visit } from '../../test/_util/visitor.ts';
import { startStack } from '../_util/stack.ts';
import { cpuMs } from './measure/cpu.ts';
import { fillDocument } from './measure/document.ts';
import { fillImages } from './measure/images.ts';
import { type Measured, pages } from './measure/pages.ts';
import { fillPeople } from './measure/people.ts';

const rounds = 60;
const warmUp = 15;
const maxTimesHealth = 20;
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
const health = await measured(400, () => get('/v1/health', '', stack.registry.baseUrl));
console.log(`/v1/health: ${health.cpu.toFixed(2)} ms of CPU, the measure of the third column\n`);
console.log('| page | p50 ms | CPU ms | × health | KB in all | |\n|---|--:|--:|--:|--:|---|');
let isGood = true;
for (const page of pages) {
  const result = await measure(page).catch((error: Error) => error);
  if (result instanceof Error) {
    isGood = false;
    console.log(`| ${page.path} | | | | | failed: ${result.message} |`);
    continue;
  }
  const { name, p50, cpu, bytes } = result;
  const times = cpu / health.cpu;
  const problems = [times > maxTimesHealth ? 'slow' : '', bytes > maxBytes ? 'large' : ''].filter(
    (word) => word !== '',
  );
  if (problems.length > 0) isGood = false;
  console.log(
    `| ${name} | ${p50.toFixed(1)} | ${cpu.toFixed(1)} | ${times.toFixed(1)} | ${kilobytes(bytes)} | ${problems.join(', ')} |`,
  );
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
  let followed = 0;
  for (; followed < deep; followed += 1) {
    const next = nextOf((await get(here, cookie)).toString());
    if (next === undefined) break;
    here = next;
  }
  let bytes = 0;
  const { p50, cpu } = await measured(rounds, async () => {
    bytes = (await get(here, cookie)).length;
  });
  const name = `${path}${deep === 0 ? '' : `, ${followed} pages on`}${asPerson ? ', not as admin' : ''}`;
  return { name, p50, cpu, bytes: bytes + statics };
}

/** The median time of a request, and the CPU that both servers take for one, in milliseconds. */
async function measured(times: number, ask: () => Promise<unknown>): Promise<{ p50: number; cpu: number }> {
  for (let at = 0; at < warmUp; at += 1) await ask();
  const pids = [stack.registry.pid, stack.pid];
  const before = cpuMs(pids);
  const took: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const start = performance.now();
    await ask();
    took.push(performance.now() - start);
  }
  const cpu = (cpuMs(pids) - before) / times;
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(times / 2)] ?? 0, cpu };
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

async function get(path: string, cookie = adminCookie, origin = stack.url): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  request(origin + path, { agent, headers: { cookie, 'accept-encoding': 'gzip' } }, (response) => {
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
  fillDocument(db, directory);
  fillPeople(db);
  db.exec('COMMIT');
  db.close();
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
