import { parseStrictJson, RegistryError, StrictJsonError } from '@mcr/core';

/** Parses a JSON body. `PARAMETER_INVALID` for another content type, which browsers could send across sites, and for bad JSON. */
export function readJson(bytes: Uint8Array, contentType: string | undefined): unknown {
  if (!/^application\/json(?:;|$)/i.test(contentType ?? '')) {
    throw new RegistryError('PARAMETER_INVALID', 'The body must be JSON, with Content-Type: application/json');
  }
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new RegistryError('PARAMETER_INVALID', `The body is not valid JSON: ${error.message}`, { cause: error });
  }
}
