/**
 * A living gateway holds a lock of its own by its listening connection: the server lets go of it at once when the process dies, and some time
 * after the machine does. Shared, because a gateway that reconnects takes it again before the server has missed the old connection.
 */
export const instanceLock = 0x46574947;
export const held = `EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = ${instanceLock} AND objid = (hashtext(instances.id)::bigint & 4294967295)::oid AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
