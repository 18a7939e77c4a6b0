import {
  create,
  createFileRegistry,
  fromBinary,
  getOption,
  hasOption,
  type Message,
  setExtension,
  toBinary,
} from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import { FieldRulesSchema, field, RepeatedRulesSchema } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** Beginning of the names of messages that stand for one use of StringList. */
export const valuesPrefix = 'ValuesOf';

/**
 * The same protos with `mcr.v1.values`, which is ours, said in the words of protovalidate: the StringList of a field with it
 * becomes a message of its own, the same on the wire, whose `values` have the rules.
 */
export function withoutOwnOptions(set: FileDescriptorSet): FileDescriptorSet {
  const copy = fromBinary(FileDescriptorSetSchema, toBinary(FileDescriptorSetSchema, set));
  const registry = createFileRegistry(set);
  const values = registry.getExtension('mcr.v1.values')!;
  for (const file of copy.file) {
    for (const message of file.messageType) {
      const described = registry.getMessage(`${file.package}.${message.name}`)!;
      for (const [at, proto] of message.field.entries()) {
        const own = described.fields[at]!;
        if (!hasOption(own, values)) continue;
        const nested = listWithRules(
          `${valuesPrefix}${own.name}`,
          toBinary(values.message!, getOption(own, values) as Message),
        );
        message.nestedType.push(nested);
        proto.typeName = `.${described.typeName}.${nested.name}`;
      }
    }
  }
  return copy;
}

function listWithRules(name: string, rules: Uint8Array): DescriptorProto {
  const options = create(FieldOptionsSchema);
  const value = fromBinary(RepeatedRulesSchema, rules);
  setExtension(options, field, create(FieldRulesSchema, { type: { case: 'repeated', value } }));
  const list = { name: 'values', number: 1, label: Label.REPEATED, type: Type.STRING, jsonName: 'values', options };
  return create(DescriptorProtoSchema, { name, field: [list] });
}
