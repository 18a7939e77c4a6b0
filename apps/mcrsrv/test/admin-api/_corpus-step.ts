/**
 * One request of the corpus, as data. Path, headers and body may hold `{{name}}` for a value of the world or one that an
 * earlier step captured, `{{repeat:TEXT:COUNT}}` for a long text, and `{{byte:HEX}}` for a byte that is no text.
 */
export interface Step {
  /** Unique within its subject. */
  readonly name: string;
  /** A caller of the world, or `{{token}}` with a captured token. */
  readonly as: string;
  /** Method and target. Targets that name a method of a service go to the listener of the RPCs. */
  readonly request: string;
  /** Beside the authorization; `null` takes a default away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Sent byte for byte, with the content type `application/json` unless the headers say another. */
  readonly body?: string;
  /** Values of the response for later steps: a name, and the way to it in the JSON body, or `link` for the target of Link. */
  readonly capture?: Readonly<Record<string, string>>;
  /** Milliseconds by which the clock moves on before the request, beside what it always does. */
  readonly advance?: number;
  /** Whether the server works on after its response, so that the next step waits for the end of it. */
  readonly settles?: true;
  /** Whether garbage collections that look at every file wait in the middle, from this request on. */
  readonly holds?: boolean;
  /** Records which operations an OpenAPI document describes, not how. */
  readonly outline?: true;
}

/** What a step has beside its name and its request. */
export type Extras = Omit<Partial<Step>, 'name' | 'request'>;

/** A step of an admin, unless the extras say another caller. A body that is no text is sent as JSON. */
export function step(name: string, request: string, body?: string | object, extras: Extras = {}): Step {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  return { name, as: 'admin', request, ...(text !== undefined && { body: text }), ...extras };
}

/** A call by the Connect protocol in JSON. */
export function call(name: string, method: string, body: string | object = {}, extras: Extras = {}): Step {
  return step(name, `POST /${method}`, body, extras);
}

/** What a recorded response consists of. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, when `JSON.stringify` gives its very bytes. */
  readonly json?: unknown;
  /** Any other body. */
  readonly text?: string;
}

/** A step and what came of it, as it is recorded. */
export interface Exchange<Seen = Response> {
  /** Absent for `admin`. */
  readonly as?: string;
  readonly request: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly response: Seen;
}

/** Exchanges by the name of the step, in the order of the steps. */
export type Recording<Seen = Response> = Readonly<Record<string, Exchange<Seen>>>;
