/** Keeps guesses few: by address, by name from one address, and by all together. */
export interface FailedSignIns {
  /** s to wait before another try; null = now */
  wait(from: string, name: string): number | null;
  failed(from: string, name: string): void;
}

const window = 60_000;
export const mostFailures = { ofName: 5, ofAddress: 20, ofAll: 200 } as const;

/** Only failures of the last minute are remembered, and no more of them than `ofAll`: nothing grows. */
export function failedSignIns(now: () => number): FailedSignIns {
  let failures: readonly { readonly from: string; readonly name: string; readonly at: number }[] = [];
  const recent = (): typeof failures => {
    const since = now() - window;
    failures = failures.filter(({ at }) => at > since);
    return failures;
  };
  return {
    wait(from, name) {
      const all = recent();
      const ofAddress = all.filter((failure) => failure.from === from);
      const ofName = ofAddress.filter((failure) => failure.name === name);
      const full = [{ list: ofName, most: mostFailures.ofName }, { list: ofAddress, most: mostFailures.ofAddress }, { list: all, most: mostFailures.ofAll }].filter(({ list, most }) => list.length >= most);
      if (full.length === 0) return null;
      return Math.max(...full.map(({ list, most }) => Math.ceil((list.at(-most)!.at + window - now()) / 1_000)));
    },
    failed(from, name) {
      failures = [...recent(), { from, name, at: now() }];
    },
  };
}
