/**
 * How a body lies in `data` (body-coding.ts); `sha256` and `size` stay those of the body itself. Those of before lie there as they are.
 * EXTERNAL: the server does not try to compress again, and reads the beginning of a body without the rest.
 */
export const codedBodies = `
ALTER TABLE bodies ADD COLUMN coding text NOT NULL DEFAULT 'raw' CHECK (coding IN ('raw', 'zstd'));
ALTER TABLE bodies ALTER COLUMN data SET STORAGE EXTERNAL;
`;
