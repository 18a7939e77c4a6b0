export { type CertificateOptions, type CertificatePaths, createCertificates } from './create-certificates.ts';
export { type InitOptions, type InitResult, initDirectory } from './init-directory.ts';
export { type RenderOptions, renderConfig } from './render-config.ts';
