/** The path of a payer's page: one segment behind /pay/, of a token's alphabet. Its token is the only key to it. */
export function isPayPath(path: string): boolean {
  return /^\/pay\/[A-Za-z0-9_.-]+$/.test(path);
}
