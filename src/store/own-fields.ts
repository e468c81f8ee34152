/** What an object is found by when nobody said: its own scalar fields. */
export function ownFields(value: unknown): Readonly<Record<string, string>> {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value).filter(([, field]) => isScalar(field)) : [];
  return Object.fromEntries(fields.map(([name, field]) => [name, String(field)]));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
