import { type Content, createContent } from './content.ts';
import { type Credentials, fetchToken, type TokenResponse } from './token.ts';
import {
  createTransport,
  type OciResponse,
  type OpenResponse,
  type RequestInit,
  readResponse,
  type TransportOptions,
} from './transport.ts';
import { createUploads, type Uploads } from './uploads.ts';

/**
 * A plain OCI client: each verb is one request (uploads excepted) and returns the server's response. It retries
 * nothing, follows no redirect and throws only when there was no response.
 */
export interface OciClient extends Content, Uploads, AsyncDisposable {
  readonly baseUrl: string;
  /** Gets a new token with the client's account, and uses it from now on. Throws when the server returns none. */
  token(): Promise<TokenResponse>;
  /** Sends a request; the path is sent unchanged. */
  request(method: string, path: string, init?: RequestInit): Promise<OciResponse>;
  /** Like `request`, with the body left to be read by the caller. */
  open(method: string, path: string, init?: RequestInit): Promise<OpenResponse>;
}

/** Makes a client. With an account it fetches a token before its first request, without one it is anonymous. */
export function createOciClient(options: TransportOptions & Credentials): OciClient {
  const transport = createTransport(options);
  let bearer: Promise<string | undefined> | undefined = options.token ? Promise.resolve(options.token) : undefined;

  const token = async (): Promise<TokenResponse> => {
    const response = fetchToken(transport, options);
    bearer = response.then(({ token: value }) => value);
    // The first caller gets the error; the next request tries again.
    bearer.catch(() => {
      bearer = undefined;
    });
    return await response;
  };

  const authorization = async (): Promise<string | null> => {
    if (!bearer && options.username !== undefined) await token();
    const value = await bearer;
    return value ? `Bearer ${value}` : null;
  };

  const open = async (method: string, path: string, init: RequestInit = {}): Promise<OpenResponse> => {
    const own = init.authorization === undefined ? await authorization() : init.authorization;
    return await transport.send(method, path, { ...init, authorization: own });
  };
  const request = async (method: string, path: string, init?: RequestInit): Promise<OciResponse> =>
    await readResponse(await open(method, path, init));

  return {
    baseUrl: options.baseUrl,
    token,
    request,
    open,
    ...createContent(request, open),
    ...createUploads(request),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
