import { type Document, known, textOf } from './document.ts';
import { fieldOf, objectsOf } from './json.ts';
import { readCycloneDx, readSpdx } from './sbom.ts';

const notVerified = 'The registry has not verified it: a client that trusts its signer does, such as cosign.';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export function readStatement(value: unknown): Document | undefined {
  const type = textOf(fieldOf(value, '_type'));
  if (!type.startsWith('https://in-toto.io/Statement/')) return undefined;
  const predicate = fieldOf(value, 'predicate');
  const subjects = objectsOf(fieldOf(value, 'subject'));
  const inner = readSpdx(predicate) ?? readCycloneDx(predicate);
  const names = subjects
    .slice(0, 5)
    .map((subject) => `${textOf(fieldOf(subject, 'name'))} ${digestOf(subject)}`.trim());
  return {
    title: inner === undefined ? 'in-toto statement' : `${inner.title} in an in-toto statement`,
    note: notVerified,
    facts: known([
      ['Predicate', textOf(fieldOf(value, 'predicateType'))],
      ['Subject', textOf(names.join(', '))],
      ['Build type', textOf(fieldOf(predicate, 'buildDefinition', 'buildType') ?? fieldOf(predicate, 'buildType'))],
      ['Builder', textOf(fieldOf(predicate, 'runDetails', 'builder', 'id') ?? fieldOf(predicate, 'builder', 'id'))],
      ...(inner?.facts ?? []),
    ]),
    ...(inner?.table && { table: inner.table }),
    ...(inner?.packages && { packages: inner.packages }),
  };
}

function digestOf(subject: unknown): string {
  const digest = textOf(fieldOf(subject, 'digest', 'sha256'));
  return digest === '' ? '' : `sha256:${digest}`;
}

/** The payload of an envelope, and how many have signed it. https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export function openEnvelope(
  value: unknown,
): { readonly payload: Buffer; readonly facts: Document['facts'] } | undefined {
  const envelope = fieldOf(value, 'dsseEnvelope') ?? value;
  const payload = fieldOf(envelope, 'payload');
  const type = fieldOf(envelope, 'payloadType');
  if (typeof payload !== 'string' || typeof type !== 'string') return undefined;
  const signatures = fieldOf(envelope, 'signatures');
  const facts = known([
    ['Payload', textOf(type)],
    ['Signatures', Array.isArray(signatures) ? String(signatures.length) : ''],
  ]);
  return { payload: Buffer.from(payload, 'base64'), facts };
}

/** What cosign signs, or a bundle of Sigstore. https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
export function readSignature(value: unknown): Document | undefined {
  const image = fieldOf(value, 'critical', 'image', 'docker-manifest-digest');
  if (typeof image === 'string') {
    return {
      title: 'cosign signature',
      note: notVerified,
      facts: known([
        ['Signs', textOf(image)],
        ['As', textOf(fieldOf(value, 'critical', 'identity', 'docker-reference'))],
      ]),
    };
  }
  const type = textOf(fieldOf(value, 'mediaType'));
  if (!type.startsWith('application/vnd.dev.sigstore.bundle')) return undefined;
  const [entry] = objectsOf(fieldOf(value, 'verificationMaterial', 'tlogEntries'));
  const isSigned = typeof fieldOf(value, 'messageSignature', 'signature') === 'string';
  const certificate =
    fieldOf(value, 'verificationMaterial', 'certificate') ??
    fieldOf(value, 'verificationMaterial', 'x509CertificateChain');
  return {
    title: 'Sigstore bundle',
    note: notVerified,
    facts: known([
      ['Format', type],
      ['Signature', isSigned ? 'of a digest' : ''],
      ['Key', textOf(fieldOf(value, 'verificationMaterial', 'publicKey', 'hint'))],
      ['Certificate', certificate === undefined ? '' : 'included'],
      ['Log entry', textOf(fieldOf(entry, 'logIndex'))],
    ]),
  };
}
