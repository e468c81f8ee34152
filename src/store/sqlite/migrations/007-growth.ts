/**
 * What lists and counts of a million captures stand on (docs/decisions/growth.md).
 * `profiles`: each combination of the values that have few (profileNames in store/filter.ts), `terms` being the numbers of its terms in order. `cells`: how many captures of a run have a profile.
 * `captures_row`: what of a row is asked for often, without its summary. `spans`: the times of each block of 1,024 numbers. All kept by triggers; a profile that nobody has goes, and with it the terms that nobody has.
 * Domains are cut from the address in quotes: length() and substr() end at a NUL.
 */
export const growth = `
CREATE TABLE profiles (
  id INTEGER PRIMARY KEY,
  terms TEXT NOT NULL UNIQUE,
  captures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE profile_terms (
  term INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  PRIMARY KEY (term, profile)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_terms_profile ON profile_terms (profile, term);
CREATE TABLE cells (
  run TEXT NOT NULL,
  profile INTEGER NOT NULL,
  captures INTEGER NOT NULL,
  PRIMARY KEY (run, profile)
) STRICT, WITHOUT ROWID;
CREATE INDEX cells_profile ON cells (profile, run);
CREATE TABLE spans (
  block INTEGER PRIMARY KEY,
  oldest TEXT NOT NULL,
  newest TEXT NOT NULL
) STRICT;

ALTER TABLE captures ADD COLUMN profile INTEGER NOT NULL DEFAULT 0;
CREATE TEMP TABLE moved (capture INTEGER PRIMARY KEY, terms TEXT NOT NULL);
INSERT INTO moved SELECT seq, coalesce((SELECT group_concat(term, ',' ORDER BY term) FROM postings JOIN terms ON terms.id = term WHERE capture = seq
  AND name IN ('space', 'service', 'channel', 'provider', 'operation', 'action', 'outcome', 'liveness', 'standing', 'finding', 'direction')), '') FROM captures;
INSERT INTO profiles (terms, captures) SELECT terms, count(*) FROM moved GROUP BY terms;
UPDATE captures SET profile = (SELECT profiles.id FROM moved JOIN profiles USING (terms) WHERE moved.capture = captures.seq);
DROP TABLE moved;
INSERT INTO profile_terms SELECT DISTINCT value, profiles.id FROM profiles JOIN json_each('[' || terms || ']');
CREATE TABLE postings_kept (
  term INTEGER NOT NULL,
  capture INTEGER NOT NULL,
  PRIMARY KEY (term, capture)
) STRICT, WITHOUT ROWID;
INSERT INTO postings_kept SELECT term, capture FROM postings WHERE term IN (SELECT id FROM terms WHERE name IN ('recipient', 'person', 'host', 'key', 'trace', 'tag')) ORDER BY term, capture;
DROP TABLE postings;
ALTER TABLE postings_kept RENAME TO postings;
CREATE INDEX postings_capture ON postings (capture, term);
CREATE TEMP TABLE domains (recipient INTEGER PRIMARY KEY, domain TEXT NOT NULL);
INSERT INTO domains SELECT id, json_extract('"' || substr(quoted, length(rtrim(quoted, replace(quoted, '@', ''))) + 1), '$') FROM (SELECT id, json_quote(value) AS quoted FROM terms WHERE name = 'recipient' AND instr(value, '@') > 0);
INSERT OR IGNORE INTO terms (name, value) SELECT DISTINCT 'domain', domain FROM domains;
INSERT OR IGNORE INTO postings SELECT terms.id, capture FROM domains JOIN postings ON term = recipient JOIN terms ON name = 'domain' AND value = domain;
DROP TABLE domains;
DELETE FROM terms WHERE name = 'run';
INSERT INTO cells SELECT run, profile, count(*) FROM captures WHERE run IS NOT NULL GROUP BY run, profile;
INSERT INTO spans SELECT seq >> 10, min(at), max(at) FROM captures GROUP BY seq >> 10;
CREATE INDEX captures_profile ON captures (profile, seq);
CREATE INDEX captures_row ON captures (seq, profile, run, at);
CREATE INDEX captures_run ON captures (run, profile, seq) WHERE run IS NOT NULL;

CREATE TRIGGER captures_profiled AFTER INSERT ON captures BEGIN
  UPDATE profiles SET captures = captures + 1 WHERE id = new.profile;
  INSERT INTO cells SELECT new.run, new.profile, 1 WHERE new.run IS NOT NULL ON CONFLICT (run, profile) DO UPDATE SET captures = captures + 1;
  INSERT INTO spans VALUES (new.seq >> 10, new.at, new.at)
    ON CONFLICT (block) DO UPDATE SET oldest = min(oldest, excluded.oldest), newest = max(newest, excluded.newest);
END;
CREATE TRIGGER captures_moved AFTER UPDATE OF profile ON captures WHEN new.profile <> old.profile BEGIN
  UPDATE profiles SET captures = captures + 1 WHERE id = new.profile;
  INSERT INTO cells SELECT new.run, new.profile, 1 WHERE new.run IS NOT NULL ON CONFLICT (run, profile) DO UPDATE SET captures = captures + 1;
  UPDATE cells SET captures = captures - 1 WHERE run = old.run AND profile = old.profile;
  UPDATE profiles SET captures = captures - 1 WHERE id = old.profile;
END;
CREATE TRIGGER captures_unprofiled AFTER DELETE ON captures BEGIN
  UPDATE cells SET captures = captures - 1 WHERE run = old.run AND profile = old.profile;
  UPDATE profiles SET captures = captures - 1 WHERE id = old.profile;
  DELETE FROM spans WHERE block = old.seq >> 10 AND NOT EXISTS (SELECT 1 FROM captures WHERE seq >= (old.seq >> 10) * 1024 AND seq < ((old.seq >> 10) + 1) * 1024);
END;
CREATE TRIGGER cells_empty AFTER UPDATE OF captures ON cells WHEN new.captures = 0 BEGIN
  DELETE FROM cells WHERE run = new.run AND profile = new.profile;
END;
CREATE TRIGGER profiles_empty AFTER UPDATE OF captures ON profiles WHEN new.captures = 0 BEGIN
  DELETE FROM profiles WHERE id = new.id;
END;
CREATE TRIGGER profiles_gone AFTER DELETE ON profiles BEGIN
  DELETE FROM profile_terms WHERE profile = old.id;
END;
CREATE TRIGGER profile_terms_gone AFTER DELETE ON profile_terms BEGIN
  DELETE FROM terms WHERE id = old.term AND NOT EXISTS (SELECT 1 FROM profile_terms WHERE term = old.term);
END;
`;
