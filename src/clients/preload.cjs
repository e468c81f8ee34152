'use strict';
/**
 * node --require preload.cjs: every TCP connection of this process meets the gateway or is refused here. Node 18 to 26, no dependency.
 * Set by `fourthwall run` and `fourthwall env`:
 *   FOURTHWALL_PROXY   http://[space%2F]service[+run]:token@host:port, the gateway's HTTP port
 *   FOURTHWALL_SMTP, FOURTHWALL_SMTPS   host:port of its SMTP ports; without them mail ports are refused
 *   FOURTHWALL_CA      PEM file that tunnelled TLS trusts besides the roots the client chose
 *   FOURTHWALL_BYPASS  own services reached directly: names, *.suffixes, addresses, networks (10.0.0.0/8), by comma
 * Loopback, unix sockets and the gateway are reached directly. Not covered: UDP (dgram, QUIC), native addons, child processes whose
 * environment was emptied. How and why: docs/discoveries/node-preload.md
 */
const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const { Duplex } = require('node:stream');
const tls = require('node:tls');
const { domainToASCII } = require('node:url');

const loaded = Symbol.for('fourthwall.preload');
/** of STARTTLS and of implicit TLS (RFC 8314) */
const mailPorts = new Set([25, 587, 2525]);
const mailTlsPort = 465;
/** a refusal is a few lines of JSON */
const longestReply = 64 * 1024;

/** Never a code that a client retries. */
class Refused extends Error {
  constructor(message, more) {
    super(`fourthwall: ${message}`);
    this.name = 'FourthwallRefused';
    this.code = 'ERR_FOURTHWALL_REFUSED';
    Object.assign(this, more);
  }
}

function readSettings(env) {
  let proxy;
  try {
    proxy = new URL(env.FOURTHWALL_PROXY);
  } catch {
    // A process without settings would have no way out that is known to be closed: it does not start.
    throw new Refused(`FOURTHWALL_PROXY is ${env.FOURTHWALL_PROXY === undefined ? 'not set' : 'no address'}; start this process by "fourthwall run -- ...", or take the preload out of NODE_OPTIONS`);
  }
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return {
    proxy: { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port || 80) },
    credential: proxy.username === '' ? null : Buffer.from(user).toString('base64'),
    control: controlOf(env.FOURTHWALL_URL),
    smtp: hostAndPort(env.FOURTHWALL_SMTP),
    smtps: hostAndPort(env.FOURTHWALL_SMTPS),
    ca: env.FOURTHWALL_CA ? fs.readFileSync(env.FOURTHWALL_CA, 'utf8') : null,
    // Node read these at its start; then its own roots know us and need not be copied for every connection.
    rooted: Boolean(env.FOURTHWALL_CA) && env.NODE_EXTRA_CA_CERTS === env.FOURTHWALL_CA,
    bypass: readBypass(env.FOURTHWALL_BYPASS || ''),
  };
}

function controlOf(url) {
  try {
    return { host: new URL(url).hostname.replace(/^\[|\]$/g, '') };
  } catch {
    return null;
  }
}

function hostAndPort(text) {
  const match = /^\[?([^\]]+?)\]?:(\d+)$/.exec(text || '');
  return match === null ? null : { host: match[1], port: Number(match[2]) };
}

function readBypass(list) {
  const names = new Set();
  const suffixes = [];
  const networks = new net.BlockList();
  for (const entry of list.toLowerCase().split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [address, bits] = entry.split('/');
    const family = net.isIP(address);
    if (family !== 0) networks.addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), `ipv${family}`);
    else if (entry.startsWith('*.') && entry.length > 2) suffixes.push(entry.slice(1));
    else if (/^[a-z0-9._-]+$/.test(entry)) names.add(entry);
    else throw new Refused(`FOURTHWALL_BYPASS: expected names, *.suffixes, addresses and networks, found ${JSON.stringify(entry)}`);
  }
  return (host) => {
    const family = net.isIP(host);
    return family === 0 ? names.has(host) || suffixes.some((suffix) => host.endsWith(suffix)) : networks.check(host, `ipv${family}`);
  };
}

/** 0.0.0.0 and :: reach this machine too. */
function isLoopback(host) {
  if (net.isIP(host) === 0) return host === '' || host === 'localhost' || host.endsWith('.localhost');
  const v4 = host.replace(/^::ffff:(?=\d+\.)/, '');
  return v4 === '0.0.0.0' || host === '::' || host === '::1' || v4.startsWith('127.');
}

/**
 * Names that leave are not looked up: their address is one that stands for the name, so that a client that looks up first (nodemailer)
 * still dials the name, and no resolver hears of it. 198.18.0.0/15 is for test networks (RFC 2544), 100::/64 for discarding (RFC 6666).
 */
function standIns() {
  const size = 1 << 17;
  const names = new Map();
  const indexes = new Map();
  let next = 0;
  return {
    of(name, family) {
      let index = indexes.get(name);
      if (index === undefined) {
        index = next % size;
        next += 1;
        indexes.delete(names.get(index));
        names.set(index, name);
        indexes.set(name, index);
      }
      return family === 6 ? `100::${(index >> 16).toString(16)}:${(index & 0xffff).toString(16)}` : `198.${18 + (index >> 16)}.${index >> 8 & 0xff}.${index & 0xff}`;
    },
    name(address) {
      const v4 = /^(?:::ffff:)?198\.(1[89])\.(\d+)\.(\d+)$/.exec(address);
      if (v4 !== null) return names.get((Number(v4[1]) - 18) << 16 | Number(v4[2]) << 8 | Number(v4[3]));
      const v6 = /^100::([01]):([0-9a-f]{1,4})$/.exec(address);
      return v6 === null ? undefined : names.get(Number(v6[1]) << 16 | Number.parseInt(v6[2], 16));
    },
  };
}

function install(settings) {
  const { proxy, smtp, smtps, control } = settings;
  const original = { connect: net.Socket.prototype.connect, tlsConnect: tls.connect };
  const addresses = standIns();
  /** sockets whose CONNECT is not answered yet */
  const opening = new WeakSet();
  const trusting = new WeakSet();

  const isOurs = (host) => isLoopback(host) || [proxy, smtp, smtps, control].some((one) => one !== null && one.host.toLowerCase() === host) || settings.bypass(host);

  /** direct | { via, target }: the tunnel to `target`, or the mail port `via` in its place | refused */
  function routeOf(options) {
    if (options.path) return { kind: 'direct' };
    const given = String(options.host === undefined || options.host === null ? '' : options.host).toLowerCase();
    const host = addresses.name(given) || given;
    const port = Number(options.port);
    if (isOurs(host)) return { kind: 'direct', loopback: isLoopback(host) };
    if (mailPorts.has(port) || port === mailTlsPort) {
      const via = port === mailTlsPort ? smtps : smtp;
      return via === null ? { kind: 'refused', why: `the gateway has no ${port === mailTlsPort ? 'SMTPS' : 'SMTP'} port open` } : { kind: 'mail', via, host };
    }
    const name = net.isIP(host) === 0 ? domainToASCII(host) : host;
    if (!/^[a-z0-9_.:-]+$/i.test(name) || !Number.isInteger(port)) return { kind: 'refused', why: 'this is no host and port' };
    return { kind: 'tunnel', host, authority: `${net.isIP(name) === 6 ? `[${name}]` : name}:${port}` };
  }

  const refusal = (options, why) => new Refused(`the connection to ${options.host}:${options.port} was refused: ${why}. Own services are listed in FOURTHWALL_BYPASS`);

  /** The socket is told off as a failed connection would be: later, by its error event. */
  function refuse(socket, error) {
    socket.connecting = true;
    process.nextTick(() => socket.destroy(error));
    return socket;
  }

  /** What of the caller's options is still true when somebody else is dialled. */
  function redialled(options, to) {
    return { ...options, lookup: undefined, family: undefined, hints: undefined, localAddress: undefined, localPort: undefined, host: to.host, port: to.port };
  }

  net.Socket.prototype.connect = function connect(...args) {
    const { options, callback } = netArguments(args);
    const route = routeOf(options);
    if (callback !== null && route.kind === 'refused') this.once('connect', callback);
    switch (route.kind) {
      // A name of this machine is not looked up by a function of the caller's.
      case 'direct': return original.connect.call(this, route.loopback && options.lookup ? { ...options, lookup: undefined } : options, ...callback === null ? [] : [callback]);
      case 'mail': return original.connect.call(this, redialled(options, route.via), ...callback === null ? [] : [callback]);
      case 'refused': return refuse(this, refusal(options, route.why));
      default:
    }
    // TLS over its own handle cannot say CONNECT first; tls.connect below never gets here.
    if (this instanceof tls.TLSSocket) return refuse(this, refusal(options, 'TLS was dialled past tls.connect'));
    if (hasOwnBuffer(this, options)) return refuse(this, refusal(options, 'a socket with `onread` cannot be tunnelled'));
    openTunnel(this, route.authority);
    return original.connect.call(this, redialled(options, proxy), ...callback === null ? [] : [callback]);
  };

  /** Holds back 'connect' until the gateway has answered the CONNECT: what was written before waits as it does while dialling. */
  function openTunnel(socket, authority) {
    opening.add(socket);
    const { emit, push } = socket;
    let received = Buffer.alloc(0);

    function settle(error, rest) {
      opening.delete(socket);
      delete socket.emit;
      delete socket.push;
      if (error !== null) return void socket.destroy(error);
      socket.connecting = false;
      socket.emit('connect');
      socket.emit('ready');
      if (rest.length > 0) socket.push(rest);
      return undefined;
    }
    socket.emit = function held(event, ...values) {
      if (event === 'ready' && opening.has(socket)) return true;
      if (event === 'close' || event === 'error') {
        opening.delete(socket);
        delete socket.emit;
        delete socket.push;
      }
      if (event !== 'connect' || !opening.has(socket)) return emit.call(socket, event, ...values);
      const credential = settings.credential === null ? '' : `Proxy-Authorization: Basic ${settings.credential}\r\n`;
      const request = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credential}\r\n`;
      // Below the stream: its own writes wait for 'connect'.
      net.Socket.prototype._writeGeneric.call(socket, false, request, 'latin1', (error) => { if (error) socket.destroy(error); });
      net.Socket.prototype._read.call(socket, 0);
      socket.connecting = true;
      return true;
    };
    socket.push = function answered(chunk) {
      if (!opening.has(socket)) return push.call(socket, chunk);
      if (chunk !== null) received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      const head = end < 0 ? '' : received.toString('latin1', 0, end);
      if (/^HTTP\/1\.[01] 2\d\d(?: |$)/m.test(head.split('\r\n', 1)[0])) {
        settle(null, received.subarray(end + 4));
        return true;
      }
      const length = Number((/^content-length: *(\d+)/im.exec(head) || [])[1]);
      const whole = end >= 0 && received.length - end - 4 >= length;
      if (chunk === null || whole || received.length > longestReply) settle(refusedBy(authority, head, received.toString('utf8', end < 0 ? 0 : end + 4)));
      return true;
    };
  }

  tls.connect = function connect(...args) {
    const { options, callback } = tlsArguments(args);
    const after = callback === null ? [] : [callback];
    if (options.socket) {
      const socket = opening.has(options.socket) ? streamOver(options.socket) : options.socket;
      const secure = original.tlsConnect.call(tls, trusted({ ...options, socket }), ...after);
      return socket === options.socket ? secure : tied(secure, options.socket);
    }
    const route = routeOf(options);
    switch (route.kind) {
      case 'direct': return original.tlsConnect.call(tls, options, ...after);
      case 'mail': return original.tlsConnect.call(tls, trusted({ servername: net.isIP(route.host) === 0 ? route.host : '', ...redialled(options, route.via) }), ...after);
      default: break;
    }
    // Refused connections come this way too: the plain socket says why.
    const raw = new net.Socket({ allowHalfOpen: Boolean(options.allowHalfOpen), readableHighWaterMark: 1 });
    raw.connect({ host: options.host, port: options.port, noDelay: options.noDelay, keepAlive: options.keepAlive, keepAliveInitialDelay: options.keepAliveInitialDelay });
    const secure = tied(original.tlsConnect.call(tls, trusted({ ...options, host: route.host, socket: streamOver(raw) }), ...after), raw);
    if (options.timeout) secure.setTimeout(options.timeout);
    return secure;
  };

  /** The client's own roots and ours: a client that brings its own list (Mollie) would refuse our leaf. */
  function trusted(options) {
    if (settings.ca === null || (settings.rooted && !options.ca && !options.secureContext)) return options;
    const secureContext = options.secureContext || tls.createSecureContext(options);
    if (!trusting.has(secureContext)) secureContext.context.addCACert(settings.ca);
    trusting.add(secureContext);
    return { ...options, secureContext };
  }

  /** The TLS ends with its stream, with its error; and lets the process end as the stream does. */
  function tied(secure, raw) {
    raw.once('error', (error) => secure.destroy(error));
    for (const name of ['ref', 'unref', 'setNoDelay', 'setKeepAlive']) {
      secure[name] = function both(...values) {
        raw[name](...values);
        return this;
      };
    }
    for (const name of ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort']) Object.defineProperty(secure, name, { get: () => raw[name], configurable: true });
    return secure;
  }

  installNames({ addresses, isOurs });
  correctSchemes();
  if (process.env.NODE_USE_ENV_PROXY) withoutEnvProxy();
  syncBuiltinESMExports();
}

/** firebase-admin's sendEach says ':scheme': 'https:'. Google forgives it; servers by the book (RFC 9113 §8.3.1, and Node's) reset the stream. */
function correctSchemes() {
  replace(http2, 'connect', (connect) => (...args) => {
    const session = connect(...args);
    const { request } = session;
    session.request = function corrected(headers, ...rest) {
      const scheme = headers && headers[':scheme'];
      return request.call(session, typeof scheme === 'string' && scheme.endsWith(':') ? { ...headers, ':scheme': scheme.slice(0, -1) } : headers, ...rest);
    };
    return session;
  });
}

/**
 * With NODE_USE_ENV_PROXY the default agents ask the proxy themselves: superfluous here, axios up to 1.12, which does so too, then throws,
 * and fetch keeps to itself why the proxy refused. Node's fetch has its plain agent at hand, for the hosts of NO_PROXY.
 */
function withoutEnvProxy() {
  http.globalAgent = new http.Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });
  https.globalAgent = new https.Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });
  // Node sets the dispatcher of fetch after the preloads.
  process.nextTick(() => {
    for (const key of [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')]) {
      const dispatcher = globalThis[key];
      const plain = dispatcher && Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === 'no proxy agent');
      if (plain) globalThis[key] = dispatcher[plain];
    }
  });
}

/** `socket` as a stream without a handle: TLS would read the handle, and with it the answer to the CONNECT. */
function streamOver(socket) {
  const stream = new Duplex({
    allowHalfOpen: true,
    // What nobody reads stays in the kernel, as ever: a socket that is still being read would keep the process from ending.
    readableHighWaterMark: 1,
    read: () => { socket.resume(); },
    write: (chunk, encoding, done) => { socket.write(chunk, encoding, done); },
    final: (done) => { socket.end(done); },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => { if (!stream.push(chunk)) socket.pause(); });
  socket.once('end', () => stream.push(null));
  socket.once('error', (error) => stream.destroy(error));
  socket.once('close', () => stream.destroy());
  return stream;
}

function refusedBy(authority, head, body) {
  const status = Number((/^HTTP\/1\.[01] (\d{3})/.exec(head) || [])[1]) || null;
  let problem = {};
  try {
    problem = JSON.parse(body) || {};
  } catch { /* not JSON: the status has to do */ }
  const why = [problem.rule, problem.reason || problem.detail].filter((part) => typeof part === 'string').join(': ');
  return new Refused(`the gateway refused the connection to ${authority}: ${why || (status === null ? 'it answered nothing' : `HTTP ${status}`)}${problem.capture ? ` (${problem.capture})` : ''}`,
    { status, rule: problem.rule, reason: problem.reason, capture: problem.capture });
}

/** Bytes of such a socket go to the caller's own buffer and never pass `push`. */
function hasOwnBuffer(socket, options) {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'kBuffer');
  return Boolean(options.onread) || (key !== undefined && Boolean(socket[key]));
}

/** (options[, callback]), (path[, callback]), (port[, host][, callback]), or Node's own pair of the two. */
function netArguments(args) {
  if (Array.isArray(args[0])) return { options: args[0][0] || {}, callback: args[0][1] || null };
  const last = args[args.length - 1];
  const callback = typeof last === 'function' ? last : null;
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return { options: first, callback };
  if (typeof first === 'string' && !(Number(first) >= 0)) return { options: { path: first }, callback };
  return { options: { port: first, ...typeof second === 'string' ? { host: second } : {} }, callback };
}

/** As above; options may also stand behind port and host, and then win. */
function tlsArguments(args) {
  const { options, callback } = netArguments(args);
  const late = [args[1], args[2]].find((one) => typeof one === 'object' && one !== null);
  return { options: { ...options, ...late }, callback };
}

function installNames({ addresses, isOurs }) {
  const stands = (name) => typeof name === 'string' && name !== '' && net.isIP(name) === 0 && !isOurs(name.toLowerCase());
  const found = (name, family) => ({ address: addresses.of(name.toLowerCase(), family === 6 ? 6 : 4), family: family === 6 ? 6 : 4 });
  const familyOf = (options) => {
    const family = typeof options === 'number' ? options : options && options.family;
    return family === 6 || family === 'IPv6' ? 6 : 4;
  };
  const all = (options) => Boolean(options && options.all);

  replace(dns, 'lookup', (lookup) => (name, ...rest) => {
    const callback = rest[rest.length - 1];
    if (!stands(name) || typeof callback !== 'function') return lookup(name, ...rest);
    const answer = found(name, familyOf(rest[0]));
    process.nextTick(() => (all(rest[0]) ? callback(null, [answer]) : callback(null, answer.address, answer.family)));
    return {};
  });
  replace(dns.promises, 'lookup', (lookup) => async (name, options) => {
    if (!stands(name)) return lookup(name, options);
    return all(options) ? [found(name, familyOf(options))] : found(name, familyOf(options));
  });

  const answer = (name, family, options) => {
    const { address } = found(name, family);
    return [options && options.ttl ? { address, ttl: 1 } : address];
  };
  /** A and AAAA; other records are looked up as ever */
  const familyOfRecord = { A: 4, AAAA: 6 };
  for (const holder of [dns, dns.Resolver.prototype]) {
    for (const [method, family] of [['resolve4', 4], ['resolve6', 6]]) {
      replace(holder, method, (resolve) => function resolved(name, ...rest) {
        const callback = rest[rest.length - 1];
        if (!stands(name) || typeof callback !== 'function') return resolve.call(this, name, ...rest);
        process.nextTick(callback, null, answer(name, family, rest[0]));
        return {};
      });
    }
    replace(holder, 'resolve', (resolve) => function resolved(name, ...rest) {
      const callback = rest[rest.length - 1];
      const family = familyOfRecord[typeof rest[0] === 'string' ? rest[0] : 'A'];
      if (!stands(name) || family === undefined || typeof callback !== 'function') return resolve.call(this, name, ...rest);
      process.nextTick(callback, null, answer(name, family));
      return {};
    });
  }
  for (const holder of [dns.promises, dns.promises.Resolver.prototype]) {
    for (const [method, family] of [['resolve4', 4], ['resolve6', 6]]) {
      replace(holder, method, (resolve) => async function resolved(name, options) {
        return stands(name) ? answer(name, family, options) : resolve.call(this, name, options);
      });
    }
    replace(holder, 'resolve', (resolve) => async function resolved(name, type = 'A') {
      const family = familyOfRecord[type];
      return stands(name) && family !== undefined ? answer(name, family) : resolve.call(this, name, type);
    });
  }
}

/** What hangs on a function stays on it: util.promisify reads it there. */
function replace(holder, name, make) {
  const original = holder[name];
  const made = make(original);
  for (const key of Object.getOwnPropertySymbols(original)) Object.defineProperty(made, key, Object.getOwnPropertyDescriptor(original, key));
  holder[name] = made;
}

if (!globalThis[loaded]) {
  Object.defineProperty(globalThis, loaded, { value: true });
  install(readSettings(process.env));
}
