import addressparser from 'nodemailer/lib/addressparser';

/**
 * Does the parser of the library that relays mail read exactly this one address too? Ours is the stricter by design; should
 * they ever differ on something both accept, the address is invalid rather than sent to where the other one reads.
 */
export function agrees(address: string): boolean {
  const read = addressparser(address, { flatten: true });
  return read.length === 1 && read[0]?.address === address && read[0].name === '';
}
