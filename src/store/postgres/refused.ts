/** What a write says about its own arguments: it is refused, and its neighbours are not. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
