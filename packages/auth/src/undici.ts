/** What is used of undici: a package of its kind has no names of its own where a bundle loads it on demand. */
export { Agent, request } from 'undici';
