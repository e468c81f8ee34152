import { useEffect, useEffectEvent } from 'react';

/** Keys for the whole page. Never while something is typed, a modifier is held, or a dialog is open. */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('input, textarea, select, dialog, [contenteditable]')) return;
    const arrow = event.key.startsWith('Arrow');
    // Tabs move with arrows, and a focused link or button keeps its own Enter.
    if (arrow && target?.closest('[role="tablist"], [role="tabpanel"]')) return;
    if (event.key === 'Enter' && target?.closest('a, button, [role="tab"]')) return;
    const act = shortcuts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => { press(event); };
    addEventListener('keydown', listener);
    return () => { removeEventListener('keydown', listener); };
  }, []);
}
