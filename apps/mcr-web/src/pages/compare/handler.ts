import { Code } from '@connectrpc/connect';
import type { InspectManifestResponse } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Handler } from 'hono';
import type { WebContext } from '../../context.ts';
import type { AppEnv } from '../../http/env.ts';
import { respond } from '../../http/respond.ts';
import { asCaller } from '../../http/session.ts';
import { unless } from '../../registry/unless.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { choosePlatform, earlierTag, platformsOf } from './pick.ts';
import type { Side } from './props.ts';
import { readPackages } from './read-packages.ts';
import { compareView } from './view.ts';

/** Tags to choose from; others can be typed. */
const maxTags = 200;

type Inspect = (reference: string) => Promise<InspectManifestResponse>;

/** `GET /compare/:name?a=&b=&platform=`: two tags or digests of a repository; by default the newest version and the one before. */
export function comparePage({ registry }: WebContext): Handler<AppEnv> {
  return async (c) => {
    const repository = c.req.param('name') ?? '';
    const url = new URL(c.req.url);
    const text = (name: string) => url.searchParams.get(name)?.trim() ?? '';
    const caller = asCaller(c);
    const { tags } = await registry.registry.listTags({ repository, sort: 'version', pageSize: maxTags }, caller);
    const to = text('b') || (tags.at(-1)?.name ?? '');
    const from = text('a') || (earlierTag(tags, to) ?? '');
    const props = { url, repository, from, to, tags: tags.map(({ name }) => name) };
    if (from === '' || to === '') return respond(c, compareView({ ...props, platforms: [], packages: undefined }));
    const inspect: Inspect = (reference) => registry.registry.inspectManifest({ repository, reference }, caller);
    const read = await readSides(inspect, from, to, text('platform'));
    const packages = await readPackages(registry, repository, read.sides, caller);
    return respond(c, compareView({ ...props, ...read, packages }));
  };
}

/** Both manifests; of indexes those for one platform. */
async function readSides(inspect: Inspect, from: string, to: string, asked: string) {
  const roots = await Promise.all([rootOf(inspect, from), rootOf(inspect, to)]);
  const [ofFrom, ofTo] = roots.map(({ platforms }) => [...platforms.keys()]) as [string[], string[]];
  const platform = choosePlatform(asked, ofFrom, ofTo);
  const sides = await Promise.all(roots.map((root) => sideOf(inspect, root, platform)));
  return { sides: sides as [Side, Side], platforms: ofTo.filter((name) => ofFrom.includes(name)) };
}

async function rootOf(inspect: Inspect, reference: string) {
  const found = await inspect(reference);
  const facts = readManifest(found);
  const { platform = '' } = facts.config ?? {};
  const own = platform === '' ? [] : [[platform, found.manifest?.digest ?? ''] as const];
  const platforms = new Map([...own, ...platformsOf(facts, found)]);
  return { reference, found, facts, platforms };
}

async function sideOf(
  inspect: Inspect,
  { reference, found, facts, platforms }: Awaited<ReturnType<typeof rootOf>>,
  platform: string | undefined,
): Promise<Side> {
  const [first] = platforms.keys();
  const chosen = platform !== undefined && platforms.has(platform) ? platform : first;
  const whole = { reference, platform: facts.config?.platform ?? '', found, facts };
  const digest = chosen === undefined ? undefined : platforms.get(chosen);
  if (chosen === undefined || digest === undefined || digest === found.manifest?.digest) return whole;
  // It may have been deleted a moment ago.
  const child = await inspect(digest).catch(unless([Code.NotFound], () => undefined));
  return child === undefined ? whole : { reference, platform: chosen, found: child, facts: readManifest(child) };
}
