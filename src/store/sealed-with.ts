import { StoreUnavailable } from '../model/store.ts';

/** The name in `agreed` under which a store tells with which key it is sealed, and its value where it is not. */
export const sealedWith = 'sealed with';
export const nothing = 'nothing';

/** Throws, saying what is right, where a store is not what the key (or its absence) says. `there`: what the store tells of itself. */
export function mustBeSealedWith(there: string, keyId: string | null, store: string): void {
  if (there === (keyId ?? nothing)) return;
  const change = 'to change that, export it with its own setting, make a new store with the other one, and import there';
  if (keyId === null) {
    throw new StoreUnavailable(`${store} is encrypted (key ${there}) and FOURTHWALL_STORE_KEY is not set: set it to the key this store was made with; ${change}`);
  }
  if (there === nothing) {
    throw new StoreUnavailable(`${store} was made without encryption and FOURTHWALL_STORE_KEY is set (key ${keyId}): unset it, or name another store; ${change}`);
  }
  throw new StoreUnavailable(`${store} is encrypted with key ${there} and FOURTHWALL_STORE_KEY is another one (key ${keyId}): give the key this store was made with; ${change}`);
}
