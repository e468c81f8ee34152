// The former place of it: import it from there.
export { leaves } from './unknown-fields.ts';
