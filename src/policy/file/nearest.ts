/** ' (did you mean channel?)', or '' when nothing known is close. */
export function didYouMean(found: string, known: readonly string[]): string {
  const word = found.slice(0, 64);
  const ranked = known.map((name) => ({ name, distance: distance(word.toLowerCase(), name) })).sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? ` (did you mean ${best.name}?)` : '';
}

/** Levenshtein, with two neighbours changing places as one step */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i += 1) {
    const above = rows[i - 1]!;
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = above[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(change, swapped, above[j]! + 1, row[j - 1]! + 1));
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
