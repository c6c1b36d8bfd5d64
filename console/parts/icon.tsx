/** Icons as outlines on a grid of 20, drawn for this console. */
const PATHS = {
  overview: 'M3 10.5 10 4l7 6.5M5 9v7h10V9',
  connect: 'M8 12l4-4M7 9 4.8 11.2a2.8 2.8 0 0 0 4 4L11 13m2-2 2.2-2.2a2.8 2.8 0 0 0-4-4L9 7',
  live: 'M2.5 10h3l2-5 4 10 2.5-5h3.5',
  devices: 'M6 3h8v14H6zM9 14.5h2',
  phones: 'M3 5h9v10H3zM12 8h5v7h-5',
  users: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.5-3.6 2.8-5 6-5s5.5 1.4 6 5',
  topics: 'M3 4h6l8 8-5.5 5.500L3 9zM6.5 7.500h.01',
  messages: 'M3 5h14v9H9l-4 3v-3H3z',
  imports: 'M10 3v9m-3.5-3.500L10 12l3.500-3.500M4 14v3h12v-3',
  migration: 'M4 6h9l-3-3m6 11H7l3 3',
  limits: 'M3 15a7 7 0 0 1 14 0M10 15l3-5M3 15h2m10 0h2',
  settings: 'M4 6h6m4 0h2M4 14h2m4 0h6M12 4v4M8 12v4',
  gateway: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.500h.01M6 13.500h.01',
  alert: 'M10 3 18 17H2zM10 8v4m0 2.500h.01',
  info: 'M10 2.500a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5m0-8h.01',
  check: 'M4 10.5 8.5 15 16 6',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  plus: 'M10 4v12M4 10h12',
  search: 'M9 3.500a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  menu: 'M3 5h14M3 10h14M3 15h14',
  close: 'M5 5l10 10M15 5 5 15',
  arrow: 'M7 4l6 6-6 6',
  out: 'M8 4H4v12h4m3-9 4 3-4 3m4-3H8',
} as const
export type IconName = keyof typeof PATHS

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)
