import { CliError } from '../cli/errors.ts';
import type { Target } from '../settings/target.ts';

type Explanation = readonly [problem: string, hint: string];

/** Describes why a server could not be reached, and how to fix it. */
export function explainConnectionError(error: unknown, target: Target): CliError {
  return cannotAsk(target, ...explain(error as NodeJS.ErrnoException, target), error);
}

/** The server did not respond before the timeout. */
export function explainTimeout(target: Target): CliError {
  return cannotAsk(
    target,
    `no response within ${target.timeout / 1000} s`,
    'check the address and the firewall, or raise --timeout',
  );
}

function cannotAsk({ address }: Target, problem: string, hint: string, cause?: unknown): CliError {
  return new CliError(`cannot connect to ${address}: ${problem}`, { hint, cause });
}

function explain(error: NodeJS.ErrnoException, target: Target): Explanation {
  const code = error.code ?? '';
  const { option } = target;
  if (unknownAuthority.has(code)) return [`its certificate is signed by an unknown authority`, authorityHint(target)];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongName(error, option);
  if (isNotTls(code)) return ['it does not support https with TLS 1.3', `check the port in ${option}`];
  if (code.startsWith('HPE_')) return ['its response is not HTTP/1.1', `check the port in ${option}`];
  const [problem, hint] = connectionProblems[code] ?? [error.message, `check the address in ${option}`];
  const isGuess = option === '--grpc' && code === 'ECONNREFUSED';
  return [problem, (isGuess ? grpcRejected : hint).replace('OPTION', option)];
}

/** Node's names of the X509_verify_cert codes for a chain that does not end in a known authority. */
const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

function isNotTls(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}

function authorityHint({ caFile }: Target): string {
  if (caFile === undefined) return 'pass the file of its CA with --ca-cert or MCR_CA_CERT';
  return `${caFile} is not its CA; ask the operator for the right file for --ca-cert`;
}

function wrongName(error: NodeJS.ErrnoException & { cert?: { subjectaltname?: string } }, option: string): Explanation {
  const names = error.cert?.subjectaltname?.replaceAll(/(?:DNS|IP Address):/g, '');
  return [
    `its certificate is for another name${names ? `: ${names}` : ''}`,
    `use a name of the certificate in ${option}`,
  ];
}

const grpcRejected = 'is server.grpc_addr set in mcr.toml? Pass its address with --grpc';

const connectionProblems: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: ['connection refused', 'is mcrsrv running there? Check the address in OPTION'],
  ECONNRESET: ['it closed the connection without a response', 'check the port in OPTION'],
  EHOSTUNREACH: ['no route to this host', 'check the address in OPTION and the network'],
  ENETUNREACH: ['no route to this network', 'check the address in OPTION and the network'],
  ENOTFOUND: ['unknown host', 'check the name in OPTION'],
  EAI_AGAIN: ['the DNS server does not respond', 'check the name in OPTION and the network'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'the operator must renew it'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'check the clocks of this machine and of the server'],
};
