import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { actions } from '@mcr/core';
import type { ExplainPolicyRequestSchema, ExplainPolicyResponse } from '@mcr/rpc/mcr/v1/policy_pb';
import { listItems } from '../../http/form.ts';
import { unless } from '../../registry/unless.ts';

type ExplainRequest = MessageInitShape<typeof ExplainPolicyRequestSchema>;

/** What the registry says to a question, or why it cannot. */
export type Answer = ExplainPolicyResponse | { readonly problem: string };

/** Who, what, where: what somebody asks the explain panel. */
export interface Question {
  readonly who: string;
  readonly accountType: string;
  readonly roles: string;
  readonly action: string;
  readonly repository: string;
  /** The same for the registry; absent while nothing was asked. */
  readonly request: ExplainRequest | undefined;
}

/** Reads a question from the parameters of the page. A name alone stands for the local account of that name. */
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

/** Asks the registry; what it does not understand or find is an answer, too. `undefined` while nothing was asked. */
export async function answerTo(
  { request, action }: Question,
  explain: (request: ExplainRequest) => Promise<ExplainPolicyResponse>,
): Promise<Answer | undefined> {
  if (request !== undefined) {
    const typing = [Code.NotFound, Code.InvalidArgument];
    return await explain(request).catch(unless(typing, ({ rawMessage }) => ({ problem: rawMessage })));
  }
  return action === '' ? undefined : { problem: 'Say who: the name of an account, a type or roles' };
}
