'use strict';
/**
 * Stands for a network that leads every name to the gateway (its DNS, its addresses), where the ports of the vendors are the gateway's.
 * Nothing else of the process changes: TLS, trust and HTTP are the client's own.
 */
const dns = require('node:dns');
const net = require('node:net');

const ports = JSON.parse(process.env.TRANSPARENT_PORTS);
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function led(...args) {
  const [options, callback] = Array.isArray(args[0]) ? args[0] : args;
  if (options.path) return connect.apply(this, args);
  const port = ports[options.port];
  if (port === undefined) throw new Error(`the transparent network has no port ${options.port}`);
  return connect.call(this, { ...options, host: '127.0.0.1', port, lookup: undefined }, ...typeof callback === 'function' ? [callback] : []);
};
for (const holder of [dns, dns.Resolver.prototype]) {
  holder.resolve4 = (_name, ...rest) => process.nextTick(rest[rest.length - 1], null, ['127.0.0.1']);
  holder.resolve6 = (_name, ...rest) => process.nextTick(rest[rest.length - 1], null, []);
}
