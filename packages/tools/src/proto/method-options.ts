import type { DescMessage, DescMethod, FileRegistry } from '@bufbuild/protobuf';
import type { Access, Binding, MethodOptions, Role } from '@mcr/rpc';
import { optionOf } from './descriptors.ts';

const verbs = ['get', 'post', 'patch', 'put', 'delete'] as const;

interface Rest {
  readonly status?: number;
  readonly otherStatus?: number;
  readonly location?: string;
  readonly fields?: readonly string[];
  readonly bodyOptional?: boolean;
  readonly cursor?: string;
  readonly pageSize?: number;
}

/** What a method's options say. Throws for a method without a rule of access or without a path, and for names that do not exist. */
export function methodOptions(registry: FileRegistry, method: DescMethod): MethodOptions {
  try {
    return { access: accessOf(registry, method), http: bindingOf(registry, method) };
  } catch (error) {
    throw new Error(`${method.toString()}: ${(error as Error).message}`, { cause: error });
  }
}

function accessOf(registry: FileRegistry, method: DescMethod): Access {
  const access = optionOf(registry, method, 'mcr.v1.access') as
    | { role?: string; action?: string; scope?: string }
    | undefined;
  const role = access?.role?.replace('ROLE_', '').toLowerCase() as Role | undefined;
  if (access === undefined || role === undefined) throw new Error('no option mcr.v1.access with a role');
  const { action = '', scope } = access;
  if ((role === 'admin' || role === 'delegate') !== (action !== ''))
    throw new Error(`the role ${role} and the action "${action}" do not go together`);
  if ((role === 'public') !== (scope === undefined)) throw new Error('every method but a public one has a scope');
  return { role, action, ...(scope !== undefined && { scope }) };
}

function bindingOf(registry: FileRegistry, method: DescMethod): Binding {
  const rule = optionOf(registry, method, 'google.api.http') as Readonly<Record<string, string>> | undefined;
  const verb = verbs.find((it) => rule?.[it] !== undefined);
  if (rule === undefined || verb === undefined) throw new Error('no option google.api.http with a path');
  const path = rule[verb]!;
  const { body, responseBody } = rule;
  if (body !== undefined && body !== '*') throw new Error('the only body there is, is "*"');
  for (const [, name] of path.matchAll(/\{(\w+)/g)) fieldOf(method.input, name!);
  if (responseBody !== undefined) fieldOf(method.output, responseBody);
  const rest = (optionOf(registry, method, 'mcr.v1.rest') ?? {}) as Rest;
  const named = [...(rest.location ?? '').matchAll(/\{([^}]+)\}/g)].map(([, name]) => name!);
  for (const field of [...(rest.fields ?? []), ...named]) field.split('.').reduce(fieldMessage, method.output);
  const isPaged = method.input.fields.some(({ name }) => name === 'page_size');
  return {
    verb: verb.toUpperCase() as Binding['verb'],
    path,
    body: body === '*',
    bodyOptional: rest.bodyOptional === true,
    status: rest.status ?? (method.output.fields.length === 0 ? 204 : 200),
    ...(rest.otherStatus !== undefined && { otherStatus: rest.otherStatus }),
    ...(rest.location !== undefined && { location: rest.location }),
    ...(responseBody !== undefined && { responseBody }),
    ...(rest.fields !== undefined && { fields: rest.fields }),
    ...(isPaged && { page: { cursor: rest.cursor ?? 'last', size: rest.pageSize ?? 100 } }),
  };
}

function fieldOf(message: DescMessage, name: string) {
  const field = message.fields.find((it) => it.name === name);
  if (field === undefined) throw new Error(`${message.typeName} has no field ${name}`);
  return field;
}

function fieldMessage(message: DescMessage, name: string): DescMessage {
  return fieldOf(message, name).message ?? message;
}
