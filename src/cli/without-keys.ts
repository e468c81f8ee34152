type Environment = Readonly<Record<string, string | undefined>>;

/** What opens the store is no business of a command that is run from here. */
const keys: readonly string[] = ['FOURTHWALL_STORE_KEY', 'FOURTHWALL_HASH_KEY'];

export function withoutKeys(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !keys.includes(name)));
}
