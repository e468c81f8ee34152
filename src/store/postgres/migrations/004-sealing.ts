import { nothing, sealedWith } from '../../sealed-with.ts';

/** With which key a store is sealed: one of before, and one that is made without a key, with none. */
export const sealing = `
INSERT INTO agreed VALUES ('${sealedWith}', '${nothing}');
`;
