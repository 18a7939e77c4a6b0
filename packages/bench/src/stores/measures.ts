import type { Worker } from 'node:worker_threads';
import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { uniqueContent } from '../content.ts';
import { Crew } from '../crew.ts';
import { pushBlob, pushImage } from '../push.ts';
import type { Contender } from './contenders.ts';

/** How long to load a contender, and how much to push. */
export interface Load {
  readonly seconds: number;
  readonly clients: number;
  /** Blobs of 16 MiB, which is one part of S3. */
  readonly blobs: number;
  /** Threads of the clients, where others are at work at the same time; all by default. */
  readonly threads?: readonly Worker[];
}

/** What was measured of a contender in one round. */
export interface Measure {
  readonly name: string;
  readonly what: string;
  /** CPU milliseconds of the registry for each unit. */
  readonly cpuMs: number;
  /** Units in a second. */
  readonly rate: number;
  /** Bytes of bodies for each unit; absent for pushes. */
  readonly bodyBytes?: number;
}

type Loaded = Pick<Contender, 'name' | 'address' | 'cpu'>;

/** Where everything is pushed to. */
export const repository = 'bench/app';
const mebibyte = 1 << 20;
const blobSize = 16 * mebibyte;

/** CPU for each GET of the same manifest by tag. */
export async function manifestGets(contender: Contender, load: Load): Promise<Measure> {
  await withConnection(contender, (connection) => pushImage(connection, contender.address, repository, 'v1'));
  const path = `/v2/${repository}/manifests/v1`;
  const head = requestHead(contender.address, 'GET', path, { Accept: mediaTypes.ociManifest });
  return { ...(await repeated(contender, head, load)), what: 'manifest GET, ms/request' };
}

/** CPU for each MiB of blobs that are new to the registry. */
export async function pushes(contender: Contender, { blobs }: Load): Promise<Measure> {
  const contents = Array.from({ length: blobs }, () => uniqueContent(blobSize));
  return await withConnection(contender, async (connection) => {
    const [before, begun] = [await contender.cpu(), performance.now()];
    for (const content of contents) await pushBlob(connection, contender.address, repository, content);
    const units = (blobs * blobSize) / mebibyte;
    const cpuMs = (((await contender.cpu()) - before) * 1_000) / units;
    return {
      name: contender.name,
      what: 'push of 16 MiB blobs, ms/MiB',
      cpuMs,
      rate: (units * 1_000) / (performance.now() - begun),
    };
  });
}

/** CPU for each MiB of a blob that passes through the registry. */
export async function pulls(contender: Contender, load: Load): Promise<Measure> {
  return await repeatedPulls(contender, requestHead(contender.address, 'GET', await pushedBlob(contender)), load);
}

/** CPU for each MiB that repeats of this request bring. */
export async function repeatedPulls(contender: Loaded, head: string, load: Load): Promise<Measure> {
  const measure = await repeated(contender, head, { ...load, clients: 4 });
  const units = (measure.bodyBytes ?? 0) / mebibyte;
  return {
    ...measure,
    what: 'pull of a 16 MiB blob, ms/MiB',
    cpuMs: measure.cpuMs / units,
    rate: measure.rate * units,
  };
}

/** CPU for each pull of a blob whose bytes clients get from S3. */
export async function redirectedPulls(contender: Contender, load: Load): Promise<Measure> {
  const head = requestHead(contender.address, 'GET', await pushedBlob(contender));
  return { ...(await repeated(contender, head, load, 307)), what: 'redirected pull, ms/request' };
}

/** Pushes a new blob of 16 MiB; resolves with its path. */
export async function pushedBlob(contender: Contender): Promise<string> {
  const content = uniqueContent(blobSize);
  await withConnection(contender, (connection) => pushBlob(connection, contender.address, repository, content));
  return `/v2/${repository}/blobs/${content.digest}`;
}

async function repeated(contender: Loaded, head: string, { seconds, clients, threads }: Load, status = 200) {
  await using crew = await Crew.open({ address: contender.address, head, status, clients, keepAlive: true }, threads);
  const [before, begun] = [await contender.cpu(), performance.now()];
  const { requests, bodyBytes } = await crew.repeat(seconds);
  const cpuMs = (((await contender.cpu()) - before) * 1_000) / requests;
  const rate = (requests * 1_000) / (performance.now() - begun);
  return { name: contender.name, cpuMs, rate, bodyBytes: bodyBytes / requests };
}

async function withConnection<T>({ address }: Contender, task: (connection: Connection) => Promise<T>): Promise<T> {
  using connection = await Connection.open(address);
  return await task(connection);
}
