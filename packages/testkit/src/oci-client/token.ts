import { readResponse, type Transport } from './transport.ts';

/** The client's credentials: an account, a token that was obtained elsewhere, or none. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

/** The response of the token endpoint. */
export interface TokenResponse {
  readonly token: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly issued_at: string;
}

/** Gets a token by `GET /v2/token` with Basic credentials. Throws with status and body when there is none. */
export async function fetchToken(transport: Transport, { username, password }: Credentials): Promise<TokenResponse> {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const response = await readResponse(
    await transport.send('GET', '/v2/token?service=mcr', { authorization: `Basic ${basic}` }),
  );
  if (response.status !== 200) throw new Error(`No token for ${username}: ${response.status} ${response.text()}`);
  return response.json();
}
