import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import {
  type ConfigProblem,
  formatAddress,
  listenError,
  readCertificatePair,
  StartError,
  validityProblem,
  type WebConfig,
  type WebSection,
} from '@mcr/config';
import { readAuthorities, tryListen } from '@mcr/server-kit';

/** What would prevent a web UI from starting, and warnings that would not. */
export interface Findings {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

const responseTimeoutMs = 2_000;
/** Where to reach a listener on all interfaces. */
const loopback: Readonly<Record<string, string>> = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Performs the checks of a start without starting. An address that a web UI already uses is a warning: it may be this
 * one.
 */
export async function examineStart({ web }: WebConfig): Promise<Findings> {
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      problems.push(...error.problems);
    }
  };
  await attempt(() => web.caCert === undefined || readAuthorities('web.ca_cert', web.caCert));
  await attempt(() => {
    const problem = certificateProblem(web);
    if (problem !== undefined) warnings.push({ key: 'web.tls_cert', message: `"${web.tlsCert}" ${problem}` });
  });
  let isRunning = false;
  for (const [key, address] of listenersOf(web)) {
    const error = await tryListen(address);
    if (error === undefined) continue;
    const { problems: found } = listenError(key, address, error);
    if (error.code === 'EADDRINUSE' && (isRunning ||= await isWebUi(web))) {
      const message = `a web UI is already listening on ${formatAddress(address)}, so a second one cannot start`;
      warnings.push({ key, message });
    }
    // A service manager may grant the program the privilege to bind the port.
    else (error.code === 'EACCES' ? warnings : problems).push(...found);
  }
  return { problems, warnings };
}

function listenersOf({ listenAddr, metricsAddr }: WebSection): (readonly [key: string, address: typeof listenAddr])[] {
  const first = ['web.listen_addr', listenAddr] as const;
  return metricsAddr === undefined ? [first] : [first, ['web.metrics_addr', metricsAddr]];
}

function certificateProblem({ tlsCert, tlsKey }: WebSection): string | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const { certificate } = readCertificatePair({ section: 'web', certPath: tlsCert, keyPath: tlsKey });
  return validityProblem(certificate);
}

/** Whether the server there identifies itself like this program, as older versions did at the end of each page. No secret is sent. */
async function isWebUi({ listenAddr: { host, port }, tlsCert }: WebSection): Promise<boolean> {
  const get = tlsCert === undefined ? getHttp : getHttps;
  const origin = `${tlsCert === undefined ? 'http' : 'https'}://${formatAddress({ host: loopback[host] ?? host, port })}`;
  const signal = AbortSignal.timeout(responseTimeoutMs);
  return await new Promise((resolve) => {
    const request = get(`${origin}/login`, { rejectUnauthorized: false, agent: false, signal }, (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        page = (page + text).slice(-maxPage);
      });
      response.on('close', () => resolve(/content="mcr-web |<p>mcr-web /.test(page)));
    });
    request.on('error', () => resolve(false));
  });
}

/** Larger than any login page; the rest of an unknown server's response is ignored. */
const maxPage = 64 * 1_024;
