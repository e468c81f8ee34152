/**
 * What lists and counts of a million captures stand on, as in the SQLite store (docs/decisions/growth.md): `profiles` and `profile_terms`, `cells`, `spans`, kept by triggers.
 * `profile_of` finds or makes the profile of some terms; its digest is that of the digests of its terms, in order. Each `search` row has a lexeme that no word
 * can be, ':' and the block of 8,192 numbers it stands in: by it a common word is read from its newest captures on.
 * `captures.profile` has no default: a gateway of before, still running, would record what no filter finds; so it is refused instead, and its callers with it.
 */
export const growth = `
CREATE TABLE profiles (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,
  captures bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE profile_terms (
  term bigint NOT NULL,
  profile bigint NOT NULL,
  PRIMARY KEY (term, profile)
);
CREATE INDEX profile_terms_profile ON profile_terms (profile, term);
CREATE TABLE cells (
  run text NOT NULL,
  profile bigint NOT NULL,
  captures bigint NOT NULL,
  PRIMARY KEY (run, profile)
) WITH (fillfactor = 50);
CREATE INDEX cells_profile ON cells (profile, run);
CREATE TABLE spans (
  block bigint PRIMARY KEY,
  oldest text COLLATE "C" NOT NULL,
  newest text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);

ALTER TABLE captures ADD COLUMN profile bigint NOT NULL DEFAULT 0;
CREATE TABLE moved AS SELECT captures.seq, substring(sha256(coalesce(string_agg(terms.digest, ''::bytea ORDER BY terms.digest), ''::bytea)) FOR 16) AS digest,
  array_remove(array_agg(terms.id), NULL) AS terms FROM captures LEFT JOIN (postings JOIN terms ON terms.id = term
    AND name IN ('space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing', 'finding', 'direction')) ON capture = captures.seq GROUP BY captures.seq;
INSERT INTO profiles (digest, captures) SELECT digest, count(*) FROM moved GROUP BY digest;
INSERT INTO profile_terms SELECT unnest(terms), id FROM (SELECT DISTINCT ON (digest) digest, terms FROM moved ORDER BY digest) one JOIN profiles USING (digest);
UPDATE captures SET profile = profiles.id FROM moved JOIN profiles USING (digest) WHERE moved.seq = captures.seq;
ALTER TABLE captures ALTER COLUMN profile DROP DEFAULT;
DROP TABLE moved;
CREATE TABLE postings_kept AS SELECT term, capture FROM postings WHERE term IN (SELECT id FROM terms WHERE name IN ('recipient', 'person', 'host', 'key', 'trace', 'tag'));
DROP TABLE postings;
ALTER TABLE postings_kept RENAME TO postings;
ALTER TABLE postings ALTER COLUMN term SET NOT NULL, ALTER COLUMN capture SET NOT NULL, ADD PRIMARY KEY (term, capture);
CREATE TABLE domains AS SELECT id AS recipient, substring(value FROM '[^@]*$') AS domain FROM terms WHERE name = 'recipient' AND strpos(value, '@') > 0;
INSERT INTO terms (name, value, digest) SELECT DISTINCT 'domain', domain, substring(sha256(convert_to('["term","domain",' || to_json(domain)::text || ']', 'UTF8')) FOR 16) FROM domains ON CONFLICT (digest) DO NOTHING;
INSERT INTO postings SELECT DISTINCT terms.id, capture FROM domains JOIN postings ON term = recipient JOIN terms ON name = 'domain' AND value = domain ON CONFLICT DO NOTHING;
DROP TABLE domains;
CREATE INDEX postings_capture ON postings (capture, term);
DELETE FROM terms WHERE name = 'run';
INSERT INTO cells SELECT run, profile, count(*) FROM captures WHERE run IS NOT NULL GROUP BY run, profile;
INSERT INTO spans SELECT seq >> 10, min(at), max(at) FROM captures GROUP BY seq >> 10;
CREATE INDEX captures_profile ON captures (profile, seq);
CREATE INDEX captures_run ON captures (run, profile, seq) WHERE run IS NOT NULL;
DROP INDEX search_lexemes;
UPDATE search SET lexemes = lexemes || array_to_tsvector(ARRAY[':' || (capture >> 13)]);
CREATE INDEX search_lexemes ON search USING gin (lexemes);

CREATE FUNCTION profile_of(names text[], texts text[], digests bytea[]) RETURNS bigint LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  wanted bytea;
  found_id bigint;
BEGIN
  SELECT substring(sha256(coalesce(string_agg(d, ''::bytea ORDER BY d), ''::bytea)) FOR 16) INTO wanted FROM (SELECT DISTINCT d FROM unnest(digests) AS u (d)) AS each_once;
  SELECT id INTO found_id FROM profiles WHERE digest = wanted;
  IF found_id IS NULL THEN
    INSERT INTO terms (name, value, digest) SELECT DISTINCT ON (d) n, v, d FROM unnest(names, texts, digests) AS u (n, v, d) ON CONFLICT (digest) DO NOTHING;
    INSERT INTO profiles (digest) VALUES (wanted) RETURNING id INTO found_id;
    INSERT INTO profile_terms SELECT id, found_id FROM terms WHERE digest = ANY (digests);
  END IF;
  RETURN found_id;
END $$;
CREATE FUNCTION profile_taken(taken bigint, by_run text) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  UPDATE profiles SET captures = captures + 1 WHERE id = taken;
  IF by_run IS NOT NULL THEN
    INSERT INTO cells VALUES (by_run, taken, 1) ON CONFLICT (run, profile) DO UPDATE SET captures = cells.captures + 1;
  END IF;
END $$;
CREATE FUNCTION profile_left(gone bigint, by_run text) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  rest bigint;
BEGIN
  IF by_run IS NOT NULL THEN
    UPDATE cells SET captures = captures - 1 WHERE run = by_run AND profile = gone RETURNING captures INTO rest;
    IF rest = 0 THEN DELETE FROM cells WHERE run = by_run AND profile = gone; END IF;
  END IF;
  UPDATE profiles SET captures = captures - 1 WHERE id = gone RETURNING captures INTO rest;
  IF rest = 0 THEN
    DELETE FROM profiles WHERE id = gone;
    WITH dropped AS (DELETE FROM profile_terms WHERE profile = gone RETURNING term)
      DELETE FROM terms WHERE id IN (SELECT term FROM dropped) AND NOT EXISTS (SELECT 1 FROM profile_terms WHERE term = terms.id AND profile <> gone);
  END IF;
END $$;
CREATE FUNCTION captures_profiled() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  PERFORM profile_taken(NEW.profile, NEW.run);
  INSERT INTO spans VALUES (NEW.seq >> 10, NEW.at, NEW.at) ON CONFLICT (block) DO UPDATE SET oldest = least(spans.oldest, excluded.oldest), newest = greatest(spans.newest, excluded.newest)
    WHERE excluded.oldest < spans.oldest OR excluded.newest > spans.newest;
  RETURN NULL;
END $$;
CREATE TRIGGER captures_profiled AFTER INSERT ON captures FOR EACH ROW EXECUTE FUNCTION captures_profiled();
CREATE FUNCTION captures_moved() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  PERFORM profile_taken(NEW.profile, NEW.run);
  PERFORM profile_left(OLD.profile, OLD.run);
  RETURN NULL;
END $$;
CREATE TRIGGER captures_moved AFTER UPDATE OF profile ON captures FOR EACH ROW WHEN (NEW.profile <> OLD.profile) EXECUTE FUNCTION captures_moved();
CREATE FUNCTION captures_unprofiled() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  PERFORM profile_left(OLD.profile, OLD.run);
  DELETE FROM spans WHERE block = OLD.seq >> 10 AND NOT EXISTS (SELECT 1 FROM captures WHERE seq >= (OLD.seq >> 10) * 1024 AND seq < ((OLD.seq >> 10) + 1) * 1024);
  RETURN NULL;
END $$;
CREATE TRIGGER captures_unprofiled AFTER DELETE ON captures FOR EACH ROW EXECUTE FUNCTION captures_unprofiled();
`;
