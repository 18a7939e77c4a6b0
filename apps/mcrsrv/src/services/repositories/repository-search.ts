import { maxRepositoryNameLength } from '@mcr/core';
import { z } from 'zod';

/** What narrows a list of repositories: a part of the name. */
export const repositorySearch = z.object({ search: z.string().max(maxRepositoryNameLength).optional() });
