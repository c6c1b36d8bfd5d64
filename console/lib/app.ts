import type { Schemas } from './api.ts'

/** What every page of an app is given. */
export interface AppProps {
  readonly app: Schemas['App']
  /** Of what the page is about, as its address names it; empty for a list. */
  readonly id: string
  /** Reads the app anew, after a change. */
  readonly changed: () => void
}
