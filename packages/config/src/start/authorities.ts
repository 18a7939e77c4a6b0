import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { explain } from '../explain.ts';
import { quote } from '../quote.ts';
import { StartError } from './start-error.ts';

/**
 * Reads a file of authorities, PEM, that the key `key` names. Throws a StartError when it holds none: Node would ignore
 * that, and every connection would blame its peer.
 */
export function readAuthorities(key: string, path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const message = `cannot read ${quote(path)}: ${explain(error)}; name a file that this user may read`;
    throw new StartError([{ key, message }], { cause: error });
  }
  try {
    void new X509Certificate(pem);
    return pem;
  } catch (error) {
    const message = `${quote(path)} holds no PEM certificate; name the file of the authority, such as tls/ca.crt`;
    throw new StartError([{ key, message }], { cause: error });
  }
}
