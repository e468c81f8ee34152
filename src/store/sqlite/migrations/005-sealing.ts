import { nothing, sealedWith } from '../../sealed-with.ts';

/**
 * `agreed` tells with which key a store is sealed: a store of before, and one that is made without a key, with none. `direction` has a column, since
 * a sealed summary cannot be asked for it.
 */
export const sealing = `
CREATE TABLE agreed (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO agreed VALUES ('${sealedWith}', '${nothing}');
ALTER TABLE captures ADD COLUMN direction TEXT NOT NULL DEFAULT 'out';
UPDATE captures SET direction = json_extract(summary, '$.direction') WHERE json_extract(summary, '$.direction') <> 'out';
CREATE INDEX captures_latest ON captures (seq) WHERE direction = 'out';
`;
