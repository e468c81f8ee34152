/**
 * Every path that some server might take this one for: as sent, and with percent-escapes undone, backslashes turned, matrix
 * parameters dropped, double slashes joined and dot segments resolved. A plain path has one reading. A rule that forwards
 * must match them all, so `/public/../admin` does not pass as `/public/**`.
 */
export function pathReadings(path: string): readonly string[] {
  const readings = new Set([path]);
  let decoded = path;
  for (let round = 0; round < 3; round += 1) {
    readings.add(normalised(decoded));
    readings.add(normalised(decoded.replace(/;[^/]*/g, '')));
    const next = unescaped(decoded);
    if (next === decoded) break;
    readings.add(next);
    decoded = next;
  }
  return [...readings];
}

function unescaped(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
}

function normalised(path: string): string {
  const segments: string[] = [];
  const parts = path.replace(/\\/g, '/').replace(/\/+/g, '/').split('/').slice(1);
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..') segments.pop();
    else if (part !== '.') segments.push(part);
    if (last && (part === '.' || part === '..')) segments.push('');
  }
  return `/${segments.join('/')}`;
}
