/** '5,000+' where it was not counted to the end. */
export function countText(count: number, exact: boolean): string {
  return `${count.toLocaleString()}${exact ? '' : '+'}`;
}
