/** Types of `gen/api.ts`: what the options of the protos say of methods and fields, decoded once, by `npm run proto`. */

/** Who may call a method; see `Role` in options.proto. */
export type Role = 'public' | 'account' | 'delegate' | 'admin';

/** What a method asks of its caller. */
export interface Access {
  readonly role: Role;
  /** What the caller does, as denials and the audit log name it. */
  readonly action: string;
  /** The scope that a narrowed token needs; absent where any token will do. */
  readonly scope?: string;
}

/** How a method is served by REST: `google.api.http` with what `mcr.v1.rest` adds. */
export interface Binding {
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Template of the path, such as `/v1/repositories/{name=**}`. */
  readonly path: string;
  /** Whether the request has a body, which is all of the message that is not in the path. */
  readonly body: boolean;
  readonly bodyOptional: boolean;
  /** Status of success. */
  readonly status: number;
  /** Another status that comes with the same body. */
  readonly otherStatus?: number;
  readonly location?: string;
  /** The field of the response that is the body; absent: the whole response. */
  readonly responseBody?: string;
  /** Paths of the fields of the response that the body has, under their last names; absent: all. */
  readonly fields?: readonly string[];
  /** How pages are asked for; absent for methods that have none. */
  readonly page?: { readonly cursor: string; readonly size: number };
}

/** What is known of a method beside its messages. */
export interface MethodOptions {
  readonly access: Access;
  readonly http: Binding;
}

/** The subset of `buf.validate` that is used, in the form that protobuf's JSON gives it. */
export interface FieldRules {
  /** JSON must have the field, be it empty; `google.api.field_behavior`. */
  readonly given?: true;
  /** The rules do not hold for an empty value. */
  readonly ignoreEmpty?: true;
  /** Lengths are in characters, as `buf.validate` counts them. */
  readonly string?: {
    readonly minLen?: number;
    readonly maxLen?: number;
    readonly pattern?: string;
    readonly in?: readonly string[];
  };
  /** Bounds of an int32 or an int64. */
  readonly number?: { readonly gt?: number; readonly gte?: number; readonly lte?: number };
  readonly list?: {
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly items?: Pick<FieldRules, 'string'>;
  };
  /** What a value that breaks the pattern is told; `mcr.v1.hint`. */
  readonly hint?: string;
  /** Whether JSON's null is the empty value; `mcr.v1.nullable`. */
  readonly nullable?: true;
}

/** Methods by `mcr.v1.AdminService.DeleteAccount`, and rules by message, then by field as the proto spells it. */
export interface AdminApi {
  readonly methods: Readonly<Record<string, MethodOptions>>;
  readonly rules: Readonly<Record<string, Readonly<Record<string, FieldRules>>>>;
}
