import { parseDigest, parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { readPart } from '../../services/blobs/read-part.ts';
import { operation } from '../operation.ts';

/** A part of a blob, at most 1 MiB; not audited, as a GET of `/v2` is not. `NAME_UNKNOWN`, `BLOB_UNKNOWN`. */
export const readBlob = operation(
  RegistryService.method.readBlob,
  async (services, { caller }, { repository, digest, start }) =>
    await readPart(services, caller, parseRepositoryName(repository), parseDigest(digest), Number(start)),
);
