'use strict';
/** For a process that is only told of the proxy by variables: a connection to anywhere but this machine is noted and does not happen. */
const fs = require('node:fs');
const net = require('node:net');

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function watched(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options.path || /^(127\.|localhost$|::1$)/.test(options.host || 'localhost')) return connect.apply(this, args);
  fs.appendFileSync(process.env.TRIPWIRE, `${options.host}:${options.port}\n`);
  this.connecting = true;
  process.nextTick(() => this.destroy(new Error(`tripwire: ${options.host}:${options.port} was dialled`)));
  return this;
};
const dns = require('node:dns');
// A client that looks up first gets an address to dial, and no resolver hears of it.
for (const holder of [dns, dns.Resolver.prototype]) {
  holder.resolve4 = (_name, ...rest) => process.nextTick(rest[rest.length - 1], null, ['203.0.113.1']);
  holder.resolve6 = (_name, ...rest) => process.nextTick(rest[rest.length - 1], null, []);
}
