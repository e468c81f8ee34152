import { useCallback, useEffect, useRef, useState } from 'react';

/** A number that grows after `bump`, at once when it rested for `ms`, else when that time is over. */
export function useThrottledCount(ms: number): readonly [number, () => void] {
  const [count, setCount] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const last = useRef(0);
  useEffect(() => () => { if (timer.current !== null) clearTimeout(timer.current); timer.current = null; }, []);
  const bump = useCallback(() => {
    if (timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      last.current = Date.now();
      setCount((n) => n + 1);
    }, Math.max(0, last.current + ms - Date.now()));
  }, [ms]);
  return [count, bump];
}
