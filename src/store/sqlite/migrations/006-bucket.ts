/**
 * Large bodies may lie in a bucket (`object`: the key there; `data` then holds their beginning). What is on its way there or to go from there stands in `bucket_garbage`; whatever deletes
 * a body puts its object there in the same transaction. `bucket_mark`: the object by which the bucket is known.
 */
export const bucket = `
ALTER TABLE bodies ADD COLUMN object TEXT;
CREATE UNIQUE INDEX bodies_object ON bodies (object) WHERE object IS NOT NULL;

CREATE TABLE bucket_garbage (
  object TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('intended', 'garbage')),
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER bodies_gone AFTER DELETE ON bodies WHEN OLD.object IS NOT NULL BEGIN
  INSERT INTO bucket_garbage (object, kind, at) VALUES (OLD.object, 'garbage', '');
END;

CREATE TABLE bucket_mark (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  object TEXT NOT NULL
) STRICT;
`;
