/**
 * How much is kept, known at any time: the bytes of a capture (what stands in its rows and its bodies, a body counted for each capture that has it), and by triggers
 * the sums of all (kind 'all') and of each space, service and run. `captures_evictable` finds the oldest that may go without reading those that may not.
 */
export const retention = `
ALTER TABLE captures ADD COLUMN service TEXT;
ALTER TABLE captures ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE captures SET service = (SELECT value FROM postings JOIN terms ON terms.id = term WHERE capture = captures.seq AND name = 'service'),
  bytes = octet_length(summary) + coalesce((SELECT octet_length(request) + coalesce(octet_length(reply), 0) + octet_length(decoded) + octet_length(decision)
    + coalesce(octet_length(content), 0) + octet_length(redactions) + coalesce(octet_length(unsent), 0) FROM exchanges WHERE capture = captures.seq), 0)
    + coalesce((SELECT sum(size) FROM parts JOIN bodies ON bodies.id = body WHERE capture = captures.seq), 0);
CREATE INDEX captures_evictable ON captures (seq, run, space, service, bytes) WHERE pinned = 0 AND outcome <> 'pending';
CREATE INDEX captures_pinned ON captures (seq) WHERE pinned = 1;

CREATE TABLE holdings (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  captures INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO holdings SELECT 'all', '', count(*), coalesce(sum(bytes), 0) FROM captures;
INSERT INTO holdings SELECT 'space', space, count(*), sum(bytes) FROM captures WHERE space IS NOT NULL GROUP BY space;
INSERT INTO holdings SELECT 'service', service, count(*), sum(bytes) FROM captures WHERE service IS NOT NULL GROUP BY service;
INSERT INTO holdings SELECT 'run', run, count(*), sum(bytes) FROM captures WHERE run IS NOT NULL GROUP BY run;

CREATE TRIGGER captures_kept AFTER INSERT ON captures BEGIN
  INSERT INTO holdings SELECT kind, name, 1, new.bytes
    FROM (SELECT 'all' AS kind, '' AS name UNION ALL SELECT 'space', new.space UNION ALL SELECT 'service', new.service UNION ALL SELECT 'run', new.run) WHERE name IS NOT NULL
    ON CONFLICT (kind, name) DO UPDATE SET captures = captures + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER captures_weighed AFTER UPDATE OF bytes ON captures WHEN new.bytes <> old.bytes BEGIN
  UPDATE holdings SET bytes = bytes + new.bytes - old.bytes WHERE (kind, name) IN (VALUES ('all', ''), ('space', new.space), ('service', new.service), ('run', new.run));
END;
CREATE TRIGGER captures_gone AFTER DELETE ON captures BEGIN
  UPDATE holdings SET captures = captures - 1, bytes = bytes - old.bytes WHERE (kind, name) IN (VALUES ('all', ''), ('space', old.space), ('service', old.service), ('run', old.run));
  DELETE FROM holdings WHERE captures = 0 AND (kind, name) IN (VALUES ('space', old.space), ('service', old.service), ('run', old.run));
END;
`;
