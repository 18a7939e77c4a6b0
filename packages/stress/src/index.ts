export { layerFiles, type Remains, remainsIn } from './inspect/remains.ts';
export { Random } from './random.ts';
