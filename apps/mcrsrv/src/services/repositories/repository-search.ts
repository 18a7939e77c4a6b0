import { maxRepositoryNameLength } from '@mcr/core';
import * as z from 'zod';

/** What narrows a list of repositories, a part of the name, and what it is sorted by. */
export const repositorySearch = z.object({
  search: z.string().max(maxRepositoryNameLength).optional(),
  sort: z.enum(['name', 'size', 'last_push']).optional(),
});
