// The former place of it: import it from there.
export { fieldPaths, unknownTexts } from './unknown-fields.ts';
