/** Node reads at most 16 KiB of headers, so a longer token could never be sent back. */
const maxTokenLength = 8192;

const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

/** Whether `text` is a valid token for an `Authorization: Bearer` header (RFC 6750, 2.1). */
export function isBearerToken(text: string): boolean {
  return text.length <= maxTokenLength && b64token.test(text);
}
