import { create, type DescMessage, type DescMethodUnary, type MessageShape } from '@bufbuild/protobuf';
import { type MethodOptions, validate } from '@mcr/rpc';
import type { ServiceContext } from '../services/context.ts';
import { optionsOf } from './access.ts';
import type { Call } from './call.ts';
import { invalidRequest } from './invalid-request.ts';
import { type Plain, toMessage } from './plain.ts';

/** One verb of the admin API: a method of the protos and what it does. REST and RPC serve it as the protos say. */
export interface Operation<
  I extends DescMessage = DescMessage,
  O extends DescMessage = DescMessage,
  Parts = ServiceContext,
> {
  readonly method: DescMethodUnary<I, O>;
  readonly options: MethodOptions;
  /** Throws where this registry does not have the operation at all; before the request is read. */
  admit(services: Parts): void;
  /** Checks the request against the rules of its proto, and does it. The caller's role was checked before. */
  run(services: Parts, call: Call, request: MessageShape<I>): Promise<MessageShape<O>>;
  /** Whether a response goes out over REST with the other status that the proto names. */
  isOther(response: MessageShape<O>): boolean;
}

/** The little that an operation may say beside its proto. */
export interface OperationOptions<O extends DescMessage, Parts> {
  readonly isOther?: (response: MessageShape<O>) => boolean;
  readonly admit?: (services: Parts) => void;
}

/**
 * Defines an operation. `run` gets a request that keeps the rules of its proto, and returns the response with numbers and
 * milliseconds (see `Plain`). What it throws is a `RegistryError`, for which each transport has a form.
 */
export function operation<I extends DescMessage, O extends DescMessage, Parts = ServiceContext>(
  method: DescMethodUnary<I, O>,
  run: (
    services: Parts,
    call: Call,
    request: MessageShape<I>,
  ) => Promise<Plain<MessageShape<O>>> | Plain<MessageShape<O>>,
  { isOther = () => false, admit = () => {} }: OperationOptions<O, Parts> = {},
): Operation<I, O, Parts> {
  return {
    method,
    options: optionsOf(method),
    isOther,
    admit,
    async run(services, call, request) {
      admit(services);
      const problems = validate(method.input, request);
      if (problems.length > 0) throw invalidRequest(problems);
      return create(method.output, toMessage(method.output, (await run(services, call, request)) as object));
    },
  };
}
