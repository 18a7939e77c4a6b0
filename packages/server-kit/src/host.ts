const grammar = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/;

/**
 * Whether `text` is a host, with or without a port, that can be part of a URL (RFC 9110 section 7.2). The grammar is
 * stricter than that of URLs but allows some texts that URLs do not: a port above 65535, or `1.2.3.4.5`.
 */
export function isHost(text: string): boolean {
  return grammar.test(text) && URL.canParse(`https://${text}`);
}
