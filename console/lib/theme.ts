export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
const KEPT = 'pushport-theme'

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT)
  return THEMES.find((one) => one === kept) ?? 'system'
}

/** Shows the theme that was chosen, or a new one; plots are told, since they are painted. */
export function applyTheme(chosen: Theme = theme()): void {
  localStorage.setItem(KEPT, chosen)
  document.documentElement.dataset.theme = chosen
  window.dispatchEvent(new Event('pushport-theme'))
}
