/** Node reads 16 KiB of headers in all, so a longer token could never come back in one. */
const maxTokenLength = 8192;

const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

/** Whether `text` can stand in an `Authorization: Bearer` header (RFC 6750, 2.1). */
export function isBearerToken(text: string): boolean {
  return text.length <= maxTokenLength && b64token.test(text);
}
