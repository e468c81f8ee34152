export type Theme = 'system' | 'light' | 'dark';
const key = 'fourthwall-theme';

export function storedTheme(): Theme {
  const value = localStorage.getItem(key);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === 'system' ? 'light dark' : theme;
  if (theme === 'system') localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
}
