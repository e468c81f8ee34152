/** What both databases say of an import. */
export const elsewhere = (id: string): string =>
  `capture ${id} shares a body with one that is here already and has other bytes than in the file; delete that one, or import into a store of its own`;

export const neverSent = (at: string): string => `it was still to be sent when it was exported; imported at ${at}, and nothing of an import is sent`;
