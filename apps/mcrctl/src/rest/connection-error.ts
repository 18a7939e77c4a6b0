import { CliError } from '../cli/errors.ts';
import type { Target } from './get-json.ts';

type Explanation = readonly [problem: string, hint: string];

/** Says in words why a server could not be asked, and what to do about it. */
export function explainConnectionError(error: unknown, target: Target, timedOut: boolean): CliError {
  const [problem, hint] = explain(error as NodeJS.ErrnoException, target, timedOut);
  return new CliError(`cannot ask ${target.server}: ${problem}`, { hint, cause: error });
}

function explain(error: NodeJS.ErrnoException, target: Target, timedOut: boolean): Explanation {
  if (timedOut) {
    return [
      `no answer within ${target.timeout / 1000} s`,
      'check the address and the firewall, or give it longer with --timeout',
    ];
  }
  const code = error.code ?? '';
  if (unknownAuthority.has(code)) return [`its certificate is signed by an unknown authority`, authorityHint(target)];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(error);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return notTls;
  if (code.startsWith('HPE_')) return notHttp;
  return connectionProblems[code] ?? [error.message, 'check the address in --server'];
}

/** X509_verify_cert's codes, as Node names them, for a chain that ends nowhere known. */
const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

function authorityHint({ caFile }: Target): string {
  if (caFile === undefined) return 'name the file of its authority with --ca-cert, or in MCR_CA_CERT';
  return `${caFile} is not its authority; ask the operator for the right file for --ca-cert`;
}

function wrongName(error: NodeJS.ErrnoException & { cert?: { subjectaltname?: string } }): Explanation {
  const names = error.cert?.subjectaltname?.replaceAll(/(?:DNS|IP Address):/g, '');
  return [
    `its certificate is for another name${names ? `: ${names}` : ''}`,
    'use a name of the certificate in --server',
  ];
}

const notTls: Explanation = ['it does not speak https with TLS 1.3', 'check the port in --server'];
const notHttp: Explanation = ['its answer is not HTTP/1.1', 'check the port in --server'];

const connectionProblems: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: ['connection refused', 'is mcrsrv running there? Check the address in --server'],
  ECONNRESET: ['it closed the connection without an answer', 'check the port in --server'],
  EHOSTUNREACH: ['there is no way to this host', 'check the address in --server and the network'],
  ENETUNREACH: ['there is no way to this network', 'check the address in --server and the network'],
  ENOTFOUND: ['there is no host of this name', 'check the name in --server'],
  EAI_AGAIN: ['the name service does not answer', 'check the name in --server and the network'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'the operator must renew it'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'check the clocks of this machine and of the server'],
};
