export const settingFormats = ['shell', 'dotenv', 'docker', 'k8s', 'github'] as const;
export type SettingFormat = (typeof settingFormats)[number];

/** One variable as the format writes it, without a line end. Throws for a value the format has no way to write. */
export function quoted(format: SettingFormat, name: string, value: string): string {
  switch (format) {
    // Single quotes: the shell reads nothing inside them.
    case 'shell': return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
    case 'dotenv': return `${name}=${dotenv(name, value)}`;
    // `docker run --env-file` takes everything after '=' as it stands, up to the line end.
    case 'docker': return `${name}=${oneLine(format, name, value)}`;
    // Kubernetes reads $(NAME) as a variable and $$ as a dollar, wherever they stand. A JSON string is a YAML string.
    case 'k8s': return `- name: ${name}\n  value: ${JSON.stringify(value.replaceAll('$', '$$$$'))}`;
    // $GITHUB_ENV: one line as it stands.
    case 'github': return `${name}=${oneLine(format, name, value)}`;
  }
}

/** Node's dotenv, Docker Compose and Ruby's dotenv agree on single quotes as literal; without one they agree on plain double quotes. */
function dotenv(name: string, value: string): string {
  oneLine('dotenv', name, value);
  if (!value.includes("'")) return `'${value}'`;
  if (!/["$\\`]/.test(value)) return `"${value}"`;
  throw new Error(`${name} cannot be written as dotenv: its value has single quotes together with ", $, \\ or \`; take another path, or another --format`);
}

function oneLine(format: SettingFormat, name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error(`${name} cannot be written as ${format}: its value has a line end; take another path, or another --format`);
  return value;
}
