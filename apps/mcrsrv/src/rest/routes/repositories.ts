import * as z from 'zod';
import { deleteManifestAsAdmin } from '../../services/manifests/delete-as-admin.ts';
import { listManifests } from '../../services/manifests/list.ts';
import { deleteRepository } from '../../services/repositories/delete.ts';
import { getRepository } from '../../services/repositories/get.ts';
import { listRepositories } from '../../services/repositories/list.ts';
import { deleteTag } from '../../services/tags/delete.ts';
import { listTagRecords } from '../../services/tags/list-records.ts';
import { pageAnswer, pageOf, repositoryPath } from '../page.ts';
import { signedIn } from '../route.ts';
import {
  manifestAnswer,
  manifestParam,
  pageQuery,
  repositoryAnswer,
  repositoryParam,
  searchQuery,
  tagAnswer,
  tagParam,
  tagsQuery,
} from '../schemas.ts';
import { manifestShape, repositoryShape, tagShape } from '../shapes.ts';

export const getRepositories = signedIn({
  method: 'GET',
  path: '/v1/repositories',
  access: 'account',
  summary: 'Repositories that the caller may pull from, in numbers',
  query: searchQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ repositories: z.array(repositoryAnswer) }) },
  handle: async ({ services, caller, query }) => {
    const { n, search } = query;
    const filter = search === undefined ? {} : { search };
    const { items, more, cursor } = await listRepositories(services, caller, { ...pageOf(query), ...filter });
    const next = more && { path: '/v1/repositories', query: { n, last: cursor, search } };
    return pageAnswer({ repositories: items.map(repositoryShape) }, next);
  },
});

const detail = repositoryAnswer.extend({ tags: z.array(tagAnswer), manifests: z.array(manifestAnswer) });

export const getRepositoryDetail = signedIn({
  method: 'GET',
  path: '/v1/repositories/{name}',
  access: 'account',
  summary: 'A repository with its first n tags and manifests; /tags and /manifests page through all',
  params: repositoryParam,
  query: pageQuery.pick({ n: true }),
  answer: { status: 200, description: 'The repository', schema: detail },
  handle: async ({ services, caller, params: { name }, query }) => {
    const repository = await getRepository(services, caller, name);
    const page = { limit: query.n };
    const tags = await listTagRecords(services, caller, name, page);
    const manifests = await listManifests(services, caller, name, page);
    const body = {
      ...repositoryShape(repository),
      tags: tags.items.map(tagShape),
      manifests: manifests.items.map(manifestShape),
    };
    return { status: 200, body };
  },
});

export const getRepositoryTags = signedIn({
  method: 'GET',
  path: '/v1/repositories/{name}/tags',
  access: 'account',
  summary: 'Tags of a repository with what they point to',
  params: repositoryParam,
  query: tagsQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ tags: z.array(tagAnswer) }) },
  handle: async ({ services, caller, params: { name }, query }) => {
    const { n, sort } = query;
    const page = { ...pageOf(query), ...(sort !== undefined && { order: sort }) };
    const { items, more } = await listTagRecords(services, caller, name, page);
    const next = more && { path: repositoryPath(name, 'tags'), query: { n, last: items.at(-1)?.name, sort } };
    return pageAnswer({ tags: items.map(tagShape) }, next);
  },
});

export const getRepositoryManifests = signedIn({
  method: 'GET',
  path: '/v1/repositories/{name}/manifests',
  access: 'account',
  summary: 'Manifests of a repository, tagged or not',
  params: repositoryParam,
  query: pageQuery,
  answer: { status: 200, description: 'A page', schema: z.object({ manifests: z.array(manifestAnswer) }) },
  handle: async ({ services, caller, params: { name }, query }) => {
    const { items, more } = await listManifests(services, caller, name, pageOf(query));
    const next = more && {
      path: repositoryPath(name, 'manifests'),
      query: { n: query.n, last: items.at(-1)?.digest },
    };
    return pageAnswer({ manifests: items.map(manifestShape) }, next);
  },
});

export const deleteRepositoryRoute = signedIn({
  method: 'DELETE',
  path: '/v1/repositories/{name}',
  access: { admin: 'delete repository' },
  summary: 'Delete a repository with all that is in it',
  params: repositoryParam,
  answer: { status: 204, description: 'It is gone; its bytes go with a later garbage collection' },
  handle: async ({ services, caller, params: { name } }) => {
    await deleteRepository(services, caller, name);
    return { status: 204 };
  },
});

export const deleteTagRoute = signedIn({
  method: 'DELETE',
  path: '/v1/repositories/{name}/tags/{tag}',
  access: { admin: 'delete tag' },
  summary: 'Delete a tag and keep its manifest',
  params: tagParam,
  answer: { status: 204, description: 'It is gone' },
  handle: async ({ services, caller, params: { name, tag } }) => {
    await deleteTag(services, caller, name, tag);
    return { status: 204 };
  },
});

export const deleteManifestRoute = signedIn({
  method: 'DELETE',
  path: '/v1/repositories/{name}/manifests/{digest}',
  access: { admin: 'delete manifest' },
  summary: 'Delete a manifest with all tags that point to it',
  params: manifestParam,
  answer: { status: 204, description: 'It is gone; its bytes go with a later garbage collection' },
  handle: async ({ services, caller, params: { name, digest } }) => {
    await deleteManifestAsAdmin(services, caller, name, digest);
    return { status: 204 };
  },
});
