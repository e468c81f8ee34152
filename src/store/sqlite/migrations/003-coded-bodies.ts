/** How a body lies in `data` (body-coding.ts); `sha256` and `size` stay those of the body itself. Those of before lie there as they are. */
export const codedBodies = `
ALTER TABLE bodies ADD COLUMN coding TEXT NOT NULL DEFAULT 'raw' CHECK (coding IN ('raw', 'zstd'));
`;
