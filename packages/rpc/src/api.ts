/** Types of `gen/api.ts`: the options of methods and fields in the protos, decoded once, by `npm run proto`. */

/** Who may call a method; see `Role` in options.proto. */
export type Role = 'public' | 'guest' | 'account' | 'delegate' | 'admin';

/** What a method requires of its caller. */
export interface Access {
  readonly role: Role;
  /** The action, as denials and the audit log name it. */
  readonly action: string;
  /** The scope that a restricted token requires; absent if any token is enough. */
  readonly scope?: string;
}

/** How a method is served by REST: `google.api.http` with the additions of `mcr.v1.rest`. */
export interface Binding {
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Template of the path, such as `/v1/repositories/{name=**}`. */
  readonly path: string;
  /** Whether the request has a body, which is the part of the message that is not in the path. */
  readonly body: boolean;
  readonly bodyOptional: boolean;
  /** Status of success. */
  readonly status: number;
  /** Another status with the same body. */
  readonly otherStatus?: number;
  readonly location?: string;
  /** The field of the response that is the body; absent: the whole response. */
  readonly responseBody?: string;
  /** Paths of the fields of the response that the body has, under their last names; absent: all. */
  readonly fields?: readonly string[];
  /** The parameters of pages; absent for methods without any. */
  readonly page?: { readonly cursor: string; readonly size: number };
}

/** What is known of a method in addition to its messages. */
export interface MethodOptions {
  readonly access: Access;
  readonly http: Binding;
}

/** The subset of `buf.validate` that is used, in protobuf's JSON form. */
export interface FieldRules {
  /** JSON must have the field, possibly empty; `google.api.field_behavior`. */
  readonly given?: true;
  /** The rules do not apply to an empty value. */
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
  /** The error for a value that does not match the pattern; `mcr.v1.hint`. */
  readonly hint?: string;
  /** Whether null in JSON is the empty value; `mcr.v1.nullable`. */
  readonly nullable?: true;
}

/** Methods by `mcr.v1.AdminService.DeleteAccount`, and rules by message, then by field name in the proto. */
export interface AdminApi {
  readonly methods: Readonly<Record<string, MethodOptions>>;
  readonly rules: Readonly<Record<string, Readonly<Record<string, FieldRules>>>>;
}
