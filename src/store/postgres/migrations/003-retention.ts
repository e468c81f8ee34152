/**
 * How much is kept, known at any time: the bytes of a capture (what stands in its rows and its bodies, a body counted for each capture that has it), and by triggers
 * the sums of all (kind 'all') and of each space, service and run. `captures_evictable` finds the oldest that may go without reading those that may not.
 */
export const retention = `
ALTER TABLE captures ADD COLUMN service text;
ALTER TABLE captures ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
UPDATE captures SET service = (SELECT value FROM postings JOIN terms ON terms.id = term WHERE capture = captures.seq AND name = 'service'),
  bytes = octet_length(summary) + coalesce((SELECT octet_length(request) + coalesce(octet_length(reply), 0) + octet_length(decoded) + octet_length(decision)
    + coalesce(octet_length(content), 0) + octet_length(redactions) + coalesce(octet_length(unsent), 0) FROM exchanges WHERE capture = captures.seq), 0)
    + coalesce((SELECT sum(size) FROM parts JOIN bodies ON bodies.id = body WHERE capture = captures.seq), 0);
CREATE INDEX captures_evictable ON captures (seq) WHERE pinned = 0 AND outcome <> 'pending';
CREATE INDEX captures_pinned ON captures (seq) WHERE pinned = 1;

CREATE TABLE holdings (
  kind text NOT NULL,
  name text NOT NULL,
  captures bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (kind, name)
) WITH (fillfactor = 50);
INSERT INTO holdings SELECT 'all', '', count(*), coalesce(sum(bytes), 0) FROM captures;
INSERT INTO holdings SELECT 'space', space, count(*), sum(bytes) FROM captures WHERE space IS NOT NULL GROUP BY space;
INSERT INTO holdings SELECT 'service', service, count(*), sum(bytes) FROM captures WHERE service IS NOT NULL GROUP BY service;
INSERT INTO holdings SELECT 'run', run, count(*), sum(bytes) FROM captures WHERE run IS NOT NULL GROUP BY run;

CREATE FUNCTION captures_kept() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  INSERT INTO holdings SELECT k.kind, k.name, 1, NEW.bytes FROM (VALUES ('all', ''), ('space', NEW.space), ('service', NEW.service), ('run', NEW.run)) AS k (kind, name) WHERE k.name IS NOT NULL
    ON CONFLICT (kind, name) DO UPDATE SET captures = holdings.captures + 1, bytes = holdings.bytes + excluded.bytes;
  RETURN NULL;
END $$;
CREATE TRIGGER captures_kept AFTER INSERT ON captures FOR EACH ROW EXECUTE FUNCTION captures_kept();
CREATE FUNCTION captures_weighed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  UPDATE holdings SET bytes = bytes + NEW.bytes - OLD.bytes WHERE (kind, name) IN (VALUES ('all', ''), ('space', NEW.space), ('service', NEW.service), ('run', NEW.run));
  RETURN NULL;
END $$;
CREATE TRIGGER captures_weighed AFTER UPDATE OF bytes ON captures FOR EACH ROW WHEN (NEW.bytes <> OLD.bytes) EXECUTE FUNCTION captures_weighed();
CREATE FUNCTION captures_gone() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ BEGIN
  UPDATE holdings SET captures = captures - 1, bytes = bytes - OLD.bytes WHERE (kind, name) IN (VALUES ('all', ''), ('space', OLD.space), ('service', OLD.service), ('run', OLD.run));
  DELETE FROM holdings WHERE captures = 0 AND (kind, name) IN (VALUES ('space', OLD.space), ('service', OLD.service), ('run', OLD.run));
  RETURN NULL;
END $$;
CREATE TRIGGER captures_gone AFTER DELETE ON captures FOR EACH ROW EXECUTE FUNCTION captures_gone();
`;
