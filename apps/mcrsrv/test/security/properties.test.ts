import type { IncomingMessage } from 'node:http';
import type { DescMessage } from '@bufbuild/protobuf';
import { RegistryError } from '@mcr/core';
import { validate } from '@mcr/rpc';
import { isHost, rejectAmbiguous, TrustedProxies } from '@mcr/server-kit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations } from '../../src/admin/operations.ts';
import { numericCursor, pageOf } from '../../src/admin/page.ts';
import { readJson } from '../../src/admin/rest/json.ts';
import { readRequest } from '../../src/admin/rest/read.ts';
import { bearerToken } from '../../src/http/authenticate.ts';
import { formatChallenge, requestedScope } from '../../src/http/challenge.ts';

/** Any string, lone surrogates and control characters included. */
const anyText = fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 300 });
const anyValue = fc.oneof(anyText, fc.jsonValue(), fc.object());

/** Runs a parser that may reject, but only in the registry's own words. */
function rejectsOrParses<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    expect((error as RegistryError).message).toMatch(/\S/);
    return undefined;
  }
}

describe('the guard', () => {
  const piece = fc.constantFrom(...'/ // . .. %2e %2f %5c %00 % %zz ; ? # \\ a v2 @ : é \0 *'.split(' '));
  const target = fc.oneof(
    anyText,
    fc.array(piece, { maxLength: 200 }).map((pieces) => `/${pieces.join('')}`),
  );
  const hosts = fc.oneof(
    anyText,
    fc.webAuthority({ withPort: true }),
    fc.constantFrom('a:1', '1.2.3.4.5', '9'.repeat(20)),
  );

  test('rejects any target and Host, or leaves one that URL reads as it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'PUT'), target, hosts, (method, url, host) => {
        const incoming = { method, url, headers: { host }, rawHeaders: ['Host', host] };
        if (rejectAmbiguous(incoming) !== undefined) return;
        const read = new URL(`https://${host}${url}`);
        expect(read.pathname).toBe(url.split('?', 1)[0]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes for a host only what a URL can have', () => {
    fc.assert(fc.property(hosts, (host) => !isHost(host) || new URL(`https://${host}/`).pathname === '/'));
  });
});

describe('a header', () => {
  test('of credentials gives a token of harmless characters, or a rejection', () => {
    const header = fc.oneof(
      anyText,
      anyText.map((text) => `Bearer ${text}`),
      fc.base64String().map((text) => `bEARER  ${text}`),
    );
    fc.assert(
      fc.property(header, (authorization) => {
        const token = rejectsOrParses(() => bearerToken({ headers: { authorization } }));
        if (token !== undefined) expect(token).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  test('of proxies gives an address, whatever it says', () => {
    const proxies = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', '::1']);
    const hop = fc.oneof(anyText, fc.ipV4(), fc.ipV6(), fc.constantFrom('', '::ffff:1.2.3.4', '1.2.3.4:5', '[::1]'));
    const socket = { remoteAddress: '127.0.0.1' } as IncomingMessage['socket'];
    fc.assert(
      fc.property(fc.array(hop, { maxLength: 10 }), (hops) => {
        const headers = { 'x-forwarded-for': hops.join(', ') };
        expect(proxies.clientAddress({ headers, socket })).toMatch(/^[0-9a-f.:]+$/i);
      }),
    );
  });

  test('of a challenge has no more parts than it should, whatever the path was', () => {
    const path = fc.oneof(
      anyText,
      anyText.map((text) => `/v2/${text}/manifests/v1`),
      anyText.map((text) => `/v2/${text}/blobs/uploads/`),
    );
    fc.assert(
      fc.property(fc.constantFrom('GET', 'DELETE', 'POST'), path, (method, text) => {
        const scope = requestedScope(method, text);
        const challenge = formatChallenge({
          realm: 'https://a/v2/token',
          service: 'mcr',
          ...(scope !== undefined && { scope }),
        });
        expect(challenge).toMatch(/^Bearer realm="[^"]+",service="[^"]+"(?:,scope="[a-z0-9:/._,*-]+")?$/);
      }),
    );
  });
});

describe('a page of an RPC', () => {
  test('takes any token and size for a place in a list, or rejects them', () => {
    const token = fc.oneof(
      anyText,
      fc.base64String(),
      fc.string().map((text) => Buffer.from(text).toString('base64url')),
    );
    fc.assert(
      fc.property(token, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (pageToken, pageSize) => {
        const page = rejectsOrParses(() => pageOf({ pageToken, pageSize }));
        if (page !== undefined) expect(page.limit).toBeLessThanOrEqual(1_000);
        const cursor = rejectsOrParses(() => numericCursor({ limit: 1, after: pageToken, parameter: 'before' }));
        if (cursor !== undefined) expect(Number.isSafeInteger(cursor)).toBe(true);
      }),
    );
  });
});

describe('a JSON body', () => {
  test('is parsed, or rejected', () => {
    const type = fc.option(fc.oneof(anyText, fc.constantFrom('application/json', 'application/json;x', 'text/plain')), {
      nil: undefined,
    });
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      anyText.map((text) => Buffer.from(text)),
    );
    fc.assert(fc.property(bytes, type, (body, contentType) => void rejectsOrParses(() => readJson(body, contentType))));
  });
});

/** Values by the names that a message has, so that they reach its fields. */
function nearly({ fields }: DescMessage): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    anyValue,
    fc.array(anyText, { maxLength: 5 }),
    fc.constantFrom('1', 'allow', '*', '[a-', '2026-01-01T00:00:00Z', null, 0, -1, true),
  );
  const named = Object.fromEntries(fields.map(({ name }) => [name, value]));
  return fc.oneof(anyValue, fc.record(named, { requiredKeys: [] }));
}

describe('the reader of requests', () => {
  test.each(operations.map((operation) => [operation.method.name, operation] as const))(
    'of %s reads or rejects any JSON and any words',
    (_name, operation) => {
      const words = fc.dictionary(
        fc.constantFrom(...operation.method.input.fields.map(({ name }) => name), 'x'),
        anyText,
      );
      fc.assert(
        fc.property(nearly(operation.method.input), words, (body, query) => {
          const parts = { words: new Map<string, string>(), query: new Map(Object.entries(query)), page: undefined };
          const request = rejectsOrParses(() => readRequest(operation, { ...parts, body }));
          if (request !== undefined) validate(operation.method.input, request);
        }),
      );
    },
  );
});
