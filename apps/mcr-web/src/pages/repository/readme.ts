import type { CallOptions, Client } from '@connectrpc/connect';
import { Code } from '@connectrpc/connect';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { html } from 'hono/html';
import { unless } from '../../registry/unless.ts';
import { empty } from '../../ui/fragments.ts';
import { tagPath } from '../../ui/links.ts';
import { markdown } from '../../ui/markdown.ts';
import type { Fragment } from '../../ui/page.ts';
import { refText } from '../../ui/refs.ts';
import { readManifest } from '../manifest/read-manifest.ts';

/** What an image says of itself, in its annotations or, without them, in its labels. */
export interface Readme {
  /** The newest tag. */
  readonly tag: string;
  readonly description: string;
  /** Names and values, such as the page of its source. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Newest tags that are looked at for one that is no signature: what is attached to an image has three tags of that form. */
const lookedAt = 5;
const cosignTag = /^sha256-[0-9a-f]{64}\.(?:sig|att|sbom)$/;
const prefix = 'org.opencontainers.image.';
const factNames = [
  ['version', 'Version'],
  ['url', 'Home page'],
  ['source', 'Source'],
  ['documentation', 'Documentation'],
  ['licenses', 'Licenses'],
  ['vendor', 'Vendor'],
  ['authors', 'Authors'],
] as const;

/** Reads what the newest image of a repository says of itself; `undefined` where there is none. */
export async function readReadme(
  registry: Client<typeof RegistryService>,
  repository: string,
  caller: CallOptions,
): Promise<Readme | undefined> {
  const { tags } = await registry.listTags({ repository, sort: 'updated', pageSize: lookedAt }, caller);
  const tag = tags.find(({ name }) => !cosignTag.test(name))?.name;
  if (tag === undefined) return undefined;
  const inspected = await registry
    .inspectManifest({ repository, reference: tag }, caller)
    .catch(unless([Code.NotFound], () => undefined));
  if (inspected === undefined) return undefined;
  const { annotations, config } = readManifest(inspected);
  const value = (name: string) => annotations.get(`${prefix}${name}`) ?? config?.labels.get(`${prefix}${name}`) ?? '';
  const facts = factNames.map(([name, words]) => [words, value(name)] as const).filter(([, text]) => text !== '');
  return { tag, description: value('description'), facts };
}

/** The view of it. */
export function readmeView(repository: string, readme: Readme | undefined): Fragment {
  if (readme === undefined || (readme.description === '' && readme.facts.length === 0)) {
    const how = html`The newest image has neither an annotation nor a label <code>${prefix}description</code>.`;
    return html`<div class="card">${empty('No readme yet', how, undefined, 'book-open')}</div>`;
  }
  const { tag, description, facts } = readme;
  const from = html`<a class="link" href="${tagPath(repository, tag)}">${refText(repository, `:${tag}`)}</a>`;
  return html`<section class="card" aria-labelledby="readme"><h2 id="readme" class="vh">Readme</h2>${description === '' ? '' : markdown(description)}
${facts.length === 0 ? '' : html`<div class="card__body"><dl class="kv">${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${linked(text)}</dd>`)}</dl></div>`}
<div class="card__foot"><span>From the newest image, ${from}</span></div></section>`;
}

/** A web address as a link that tells nothing of where it was. */
function linked(text: string): Fragment {
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) return html`${text}`;
  return html`<a class="link" rel="noopener nofollow" href="${text}">${text}</a>`;
}
