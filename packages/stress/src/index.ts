export { layerFiles, type Remains, remainsIn } from './inspect/remains.ts';
export { registryProperty } from './model/property.ts';
export type { RepositoryView, Subject, View } from './model/subject.ts';
export { Random } from './random.ts';
