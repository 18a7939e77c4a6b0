/** The part of undici that is used: bundled on demand, a CommonJS package has no named exports. */
export { Agent, request } from 'undici';
