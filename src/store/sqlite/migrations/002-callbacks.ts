/**
 * What became of a callback, and the order in which those about one object go out; `unsent`: those that are shown and not kept. Callbacks of before were recorded by versions
 * that sent none: nobody expects them now.
 */
export const callbacks = `
ALTER TABLE exchanges ADD COLUMN unsent TEXT;
ALTER TABLE outbox ADD COLUMN event TEXT;
ALTER TABLE outbox ADD COLUMN url TEXT;
ALTER TABLE outbox ADD COLUMN last_status INTEGER;
ALTER TABLE outbox ADD COLUMN last_error TEXT;
ALTER TABLE outbox ADD COLUMN delivery TEXT;
UPDATE outbox SET state = 'skipped', last_error = 'recorded by a version that sent no callbacks; send it again if it is wanted' WHERE state = 'pending';
CREATE INDEX outbox_open ON outbox (provider, target, object, ord) WHERE state IN ('pending', 'leased');
`;
