import { useId, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

export interface Tab { readonly id: string; readonly label: string; readonly count?: number | undefined; readonly show: () => ReactNode }

/** WAI-ARIA tabs: arrow keys move, only the shown panel is rendered. */
export function Tabs({ tabs, label }: { readonly tabs: readonly Tab[]; readonly label: string }): ReactNode {
  const base = useId();
  const [chosen, choose] = useState<string | null>(null);
  const current = tabs.find((tab) => tab.id === chosen) ?? tabs[0];
  if (current === undefined) return null;
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    choose(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" id={`${base}-${tab.id}`} aria-selected={tab === current} aria-controls={`${base}-panel`} tabIndex={tab === current ? 0 : -1} onClick={() => { choose(tab.id); }}>
            {tab.label}{tab.count !== undefined && tab.count > 0 && <span className="count">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${current.id}`} tabIndex={0}>{current.show()}</div>
    </div>
  );
}
