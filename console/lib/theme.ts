export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
const KEPT = 'pushport-theme'

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT)
  return THEMES.find((one) => one === kept) ?? 'system'
}

/** Applies the stored theme, or a new one, and notifies charts, which must be redrawn. */
export function applyTheme(chosen: Theme = theme()): void {
  localStorage.setItem(KEPT, chosen)
  document.documentElement.dataset.theme = chosen
  window.dispatchEvent(new Event('pushport-theme'))
}
