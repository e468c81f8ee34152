type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hold what the store is opened or searched with. */
export const keyVariables: readonly string[] = ['FOURTHWALL_STORE_KEY', 'FOURTHWALL_HASH_KEY'];

/** For a command that is run from here. */
export function withoutKeys(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !keyVariables.includes(name)));
}
