import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { actions } from '@mcr/core';
import type { ExplainPolicyRequestSchema, ExplainPolicyResponse } from '@mcr/rpc/mcr/v1/policy_pb';
import { listItems } from '../../http/form.ts';
import { unless } from '../../registry/unless.ts';

type ExplainRequest = MessageInitShape<typeof ExplainPolicyRequestSchema>;

/** The registry's explanation, or why there is none. */
export type Explanation = ExplainPolicyResponse | { readonly problem: string };

/** The request of the explain panel: who, what, where. */
export interface Question {
  readonly who: string;
  readonly accountType: string;
  readonly roles: string;
  readonly action: string;
  readonly repository: string;
  /** The request for the API; absent if none was entered. */
  readonly request: ExplainRequest | undefined;
}

/** Parses the request from the parameters of the page. A name alone means the local account with that name. */
export function parseQuestion(query: URLSearchParams): Question {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const [who, accountType, roles, repository] = [text('who'), text('account_type'), text('roles'), text('repository')];
  const asked = text('action');
  const action = actions.find((it) => it === asked) ?? '';
  const principal = { username: who, accountType, roles: listItems(roles) };
  const isAbout = who !== '' || accountType !== '' || principal.roles.length > 0;
  const request =
    action === '' || !isAbout ? undefined : { principal, action, ...(repository !== '' && { repository }) };
  return { who, accountType, roles, action, repository, request };
}

/**
 * Asks the registry for an explanation; an error that the user can fix is a result, too. `undefined` without a request.
 */
export async function explain(
  { request, action }: Question,
  explain: (request: ExplainRequest) => Promise<ExplainPolicyResponse>,
): Promise<Explanation | undefined> {
  if (request !== undefined) {
    const typing = [Code.NotFound, Code.InvalidArgument];
    return await explain(request).catch(unless(typing, ({ rawMessage }) => ({ problem: rawMessage })));
  }
  return action === '' ? undefined : { problem: 'Enter an account name, a type or roles' };
}
