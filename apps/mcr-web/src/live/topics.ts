import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import type { GetGCStatusResponse, Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import type { RegistryClient } from '../registry/client.ts';
import { counted } from '../ui/format.ts';
import type { Message } from './stream.ts';

/** More than that is "50 or more". */
const counts = 50;

/** The state of a topic, as the caller of the registry may see it. */
export interface Reading {
  /** Changes with the state; pages say which one they show. */
  readonly version: string;
  /** What to tell a page that shows another version; nothing if that is no news. */
  readonly since: (seen: string) => Promise<Message | undefined>;
}

/** What a page wants to hear of. */
export interface Topic {
  /** The same for all pages that want to hear of the same. */
  readonly key: string;
  /** The page for people who open the address of the stream. */
  readonly page: string;
  readonly read: (registry: RegistryClient, caller: CallOptions) => Promise<Reading>;
}

const change: Message = { event: 'change' };
const news = (text: string): Message => ({ event: 'news', text });

/** Pushes to any repository that the caller may pull from. The version is the time of the last one. */
export const pushes: Topic = {
  key: 'pushes',
  page: '/',
  async read({ registry }, caller) {
    const { repositories } = await registry.listRepositories({ sort: 'last_push', pageSize: counts }, caller);
    return {
      version: pushesVersion(repositories),
      since: async (seen) => {
        const pushed = repositories.filter(({ lastPushAt }) => isAfter(lastPushAt, Number(seen) || 0));
        if (pushed.length <= 1) return pushed[0] && news(`${pushed[0].name} was pushed`);
        return news(`${some(pushed.length, 'repository', 'repositories')} were pushed`);
      },
    };
  },
};

/** The version of a list of repositories, the last push first. */
export function pushesVersion([first]: readonly Repository[]): string {
  return first?.lastPushAt === undefined ? '0' : String(timestampMs(first.lastPushAt));
}

/** The content of one repository. */
export function repositoryTopic(name: string): Topic {
  return {
    key: `repository ${name}`,
    page: `/repositories/${name}`,
    async read({ registry }, caller) {
      const { repository } = await registry.getRepository({ name }, caller);
      const version = repositoryVersion(repository);
      let tags: ReturnType<typeof registry.listTags> | undefined;
      return {
        version,
        since: async (seen) => {
          const [lastPushAt = 0, tagCount = 0] = seen.split('-').map((it) => Number(it) || 0);
          if (!isAfter(repository?.lastPushAt, lastPushAt)) {
            return news((repository?.tagCount ?? 0) < tagCount ? 'Tags were deleted' : 'The repository has changed');
          }
          tags ??= registry.listTags({ repository: name, sort: 'updated', pageSize: counts }, caller);
          const pushed = (await tags).tags.filter(({ updatedAt }) => isAfter(updatedAt, lastPushAt));
          if (pushed.length === 0) return news('A manifest was pushed without a tag');
          return news(
            pushed.length === 1 ? `${pushed[0]!.name} was pushed` : `${some(pushed.length, 'tag', 'tags')} were pushed`,
          );
        },
      };
    },
  };
}

/** The version of a repository: the time of its last push, and how much it has. */
export function repositoryVersion(repository: Repository | undefined): string {
  const { lastPushAt, tagCount = 0, manifestCount = 0 } = repository ?? {};
  return `${lastPushAt === undefined ? 0 : timestampMs(lastPushAt)}-${tagCount}-${manifestCount}`;
}

/** Garbage collection, for admins. */
export const collection: Topic = {
  key: 'collection',
  page: '/storage',
  async read({ registry }, caller) {
    const status = await registry.getGCStatus({}, caller);
    return { version: collectionVersion(status), since: async () => change };
  },
};

/** The version of garbage collection: which run it is, and how far it is. */
export function collectionVersion({ currentRun, lastRun }: GetGCStatusResponse): string {
  const { id = '', examined = 0, blobsRemoved = 0 } = currentRun ?? {};
  return [lastRun?.id ?? '', id, examined, blobsRemoved].join('.');
}

function isAfter(at: Timestamp | undefined, ms: number): boolean {
  return at !== undefined && timestampMs(at) > ms;
}

function some(n: number, noun: string, plural: string): string {
  return n >= counts ? `${counts} or more ${plural}` : counted(n, noun, plural);
}
