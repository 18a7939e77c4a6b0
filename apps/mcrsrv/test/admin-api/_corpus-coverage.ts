import { services } from '@mcr/rpc';
import { type CallMethod, nameOf } from './_corpus-protocols.ts';
import type { Exchange, Recording, Response } from './_corpus-step.ts';

type Entry = Exchange<Response | object>;

/** Operations as `GET /v1/…` and `service/Method`. */
export function declaredOperations(openApi: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}): string[] {
  const routes = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  return [...routes, ...services.flatMap(({ methods }) => (methods as readonly CallMethod[]).map(nameOf))];
}

/** Operations that lack a success, or a denial though not everyone may call them. */
export function uncovered(
  operations: readonly string[],
  recordings: readonly Recording<Response | object>[],
): string[] {
  const entries = recordings.flatMap((recording) => Object.values(recording));
  return operations.flatMap((operation) => {
    const own = entries.filter(({ request }) => meets(operation, request, operations));
    const isPublic = own.some((it) => it.as === 'none' && outcomeOf(it) === 'success');
    return [
      ...(own.some((it) => outcomeOf(it) === 'success') ? [] : [`${operation} never succeeds`]),
      ...(isPublic || own.some((it) => outcomeOf(it) === 'denial') ? [] : [`${operation} is never denied`]),
    ];
  });
}

/** Whether a request is for the operation; of routes that match, it is for the one that says more. */
function meets(operation: string, request: string, operations: readonly string[]): boolean {
  const [method, target = ''] = request.split(' ');
  if (!operation.includes(' ')) return [`POST /${operation}`, operation].includes(request);
  const path = target.split('?')[0]!;
  const matching = operations.filter((it) => it.startsWith(`${method} `) && patternOf(it).test(path));
  return matching.toSorted((left, right) => right.length - left.length)[0] === operation;
}

/** Names of repositories may have slashes; what a parameter is called makes no difference. */
function patternOf(operation: string): RegExp {
  const path = operation.slice(operation.indexOf(' ') + 1).replaceAll('.', String.raw`\.`);
  return new RegExp(`^${path.replace(/(?<=\/repositories\/)\{\w+\}/, '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function outcomeOf({ response }: Entry): 'success' | 'denial' | 'other' {
  const { status, message, error } = response as Partial<Response> & {
    readonly message?: unknown;
    readonly error?: { readonly code: string };
  };
  if (message !== undefined || (status !== undefined && status < 300)) return 'success';
  const isDenial = error?.code === 'unauthenticated' || error?.code === 'permission_denied';
  return isDenial || status === 401 || status === 403 ? 'denial' : 'other';
}
