// The two buttons: copy, and light or dark.
import { make } from './dom.ts';

/** Copies by the clipboard where the browser lets a file, else by selecting the text. */
async function copy(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const selection = getSelection();
    if (selection === null) return false;
    selection.selectAllChildren(shown);
    // deprecated, and the only way in a file opened from disk where the clipboard is refused
    return document.execCommand('copy');
  }
}

export function makeCopy(text: string, shown: HTMLElement): HTMLElement {
  const button = make('button', { type: 'button', class: 'copy' }, 'Copy');
  const status = make('span', { class: 'copied', role: 'status' });
  button.addEventListener('click', async () => {
    const isCopied = await copy(text, shown);
    status.textContent = isCopied ? 'Copied.' : 'Not copied: select the lines and copy them.';
  });
  return make('p', { class: 'actions' }, button, status);
}

const STORED = 'memopool-theme';

/** Storage is refused to some files: the choice then lasts as long as the page. */
function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(theme: string | null): void {
  try {
    if (theme === null) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, theme);
  } catch {
    // refused: see above
  }
}

export function makeThemeToggle(): HTMLElement {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const button = make('button', { type: 'button', class: 'theme' });
  const isDark = (): boolean => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const name = (): void => {
    button.textContent = isDark() ? 'Light colours' : 'Dark colours';
  };
  const kept = readStored();
  if (kept === 'light' || kept === 'dark') root.dataset['theme'] = kept;
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    const isSystems = (theme === 'dark') === system.matches;
    // back to what the system says: then follow it again
    if (isSystems) delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    store(isSystems ? null : theme);
    name();
  });
  system.addEventListener('change', name);
  name();
  return button;
}
