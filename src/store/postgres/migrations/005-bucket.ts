/**
 * Large bodies may lie in a bucket (`object`: the key there; `data` then holds their beginning). What is on its way there or to go from there stands in `bucket_garbage`; whatever deletes
 * a body puts its object there in the same transaction. `bucket_mark`: the object by which the bucket is known.
 */
export const bucket = `
ALTER TABLE bodies ADD COLUMN object text;
CREATE UNIQUE INDEX bodies_object ON bodies (object) WHERE object IS NOT NULL;

CREATE TABLE bucket_garbage (
  object text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('intended', 'garbage')),
  at text NOT NULL
);
CREATE FUNCTION bodies_gone() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  INSERT INTO bucket_garbage (object, kind, at) VALUES (OLD.object, 'garbage', '');
  RETURN NULL;
END $$;
CREATE TRIGGER bodies_gone AFTER DELETE ON bodies FOR EACH ROW WHEN (OLD.object IS NOT NULL) EXECUTE FUNCTION bodies_gone();

CREATE TABLE bucket_mark (
  one integer PRIMARY KEY CHECK (one = 1),
  object text NOT NULL
);
`;
