/** Bounds on everything that arrives. Sizes in bytes, times in ms. Defaults: reliability.md §4. */
export interface Limits {
  readonly httpBody: number;
  /** after content codings were undone */
  readonly httpBodyDecoded: number;
  /** decoded : raw may not exceed this */
  readonly compressionRatio: number;
  readonly httpHeaderBytes: number;
  readonly httpHeaders: number;
  readonly url: number;
  readonly jsonDepth: number;
  readonly jsonKeys: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly idleTimeout: number;
  readonly tlsHandshakeTimeout: number;
  readonly connections: number;
  readonly smtpMessage: number;
  readonly smtpRecipients: number;
  readonly smtpIdle: number;
  readonly smtpSession: number;
  readonly mimeTime: number;
  readonly mimeDepth: number;
  readonly mimeParts: number;
  readonly mimeHeaderBytes: number;
  readonly storeDeadline: number;
  readonly storeQueue: number;
  readonly storeQueueBytes: number;
  readonly drain: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const defaultLimits: Limits = {
  httpBody: 10 * MiB,
  httpBodyDecoded: 20 * MiB,
  compressionRatio: 100,
  httpHeaderBytes: 16 * KiB,
  httpHeaders: 100,
  url: 8 * KiB,
  jsonDepth: 64,
  jsonKeys: 100_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  idleTimeout: 60_000,
  tlsHandshakeTimeout: 10_000,
  connections: 1_000,
  smtpMessage: 25 * MiB,
  smtpRecipients: 1_000,
  smtpIdle: 60_000,
  smtpSession: 600_000,
  mimeTime: 1_000,
  mimeDepth: 20,
  mimeParts: 1_000,
  mimeHeaderBytes: 256 * KiB,
  storeDeadline: 2_000,
  storeQueue: 1_000,
  storeQueueBytes: 32 * MiB,
  drain: 25_000,
};
