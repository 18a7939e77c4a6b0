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

/** What would keep a web UI from starting, and what should be seen to although it starts. */
export interface Findings {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
}

const answerTimeoutMs = 2_000;
/** Where to reach a listener that is on every interface. */
const loopback: Readonly<Record<string, string>> = { '': '127.0.0.1', '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Tries what a start does, and starts nothing. An address that a web UI has already is a warning: it may be this one. */
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
      const message = `a web UI listens on ${formatAddress(address)}, and another one does not start beside it`;
      warnings.push({ key, message });
    }
    // A service manager may give the program the privilege that a port takes.
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

/** Whether what listens there names itself as this program does at the end of each page. No secret is sent. */
async function isWebUi({ listenAddr: { host, port }, tlsCert }: WebSection): Promise<boolean> {
  const get = tlsCert === undefined ? getHttp : getHttps;
  const origin = `${tlsCert === undefined ? 'http' : 'https'}://${formatAddress({ host: loopback[host] ?? host, port })}`;
  const signal = AbortSignal.timeout(answerTimeoutMs);
  return await new Promise((resolve) => {
    const request = get(`${origin}/login`, { rejectUnauthorized: false, agent: false, signal }, (response) => {
      let page = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        page = (page + text).slice(-maxPage);
      });
      response.on('close', () => resolve(page.includes('<p>mcr-web ')));
    });
    request.on('error', () => resolve(false));
  });
}

/** Above any login page; the rest of what a stranger sends is of no interest. */
const maxPage = 64 * 1_024;
