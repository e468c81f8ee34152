/** A call as it is remembered, and what follows from its age. */
export interface StoredCall {
  readonly call: Readonly<Record<string, unknown>> & { readonly sid: string; readonly to: string; readonly from: string; readonly status: string };
  readonly startsAt: number;
}

/** ms after creation at which a simulated call reaches each status */
export const progress = { initiated: 0, ringing: 1000, answered: 2000, completed: 4000 };

export function indexOf({ call }: StoredCall): Readonly<Record<string, string>> {
  return { to: call.to, from: call.from };
}
