/** Which rows of a long list are in view: pure, so that it can be tested. */
export function rowsInView(view: { readonly top: number; readonly height: number; readonly rowHeight: number; readonly count: number; readonly overscan: number }): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.floor(view.top / view.rowHeight) - view.overscan);
  const last = Math.min(view.count, Math.ceil((view.top + view.height) / view.rowHeight) + view.overscan);
  return { first: Math.min(first, last), last };
}

/** Where to scroll so that row `index` is wholly visible; the present place when it already is. */
export function scrollFor(index: number, view: { readonly top: number; readonly height: number; readonly rowHeight: number }): number {
  const start = index * view.rowHeight;
  if (start < view.top) return start;
  const end = start + view.rowHeight;
  return end > view.top + view.height ? end - view.height : view.top;
}
