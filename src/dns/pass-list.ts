/** `*.internal.test` stands for every name below internal.test and not for itself, as hosts do in a policy. */
export function passes(list: readonly string[], host: string): boolean {
  return list.some((entry) => (entry.startsWith('*.') ? host.endsWith(entry.slice(1)) && host.length > entry.length - 1 : host === entry));
}
