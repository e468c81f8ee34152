// The former place of it: import it from there.
export { mailboxes } from './address-field.ts';
