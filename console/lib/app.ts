import type { Schemas } from './api.ts'

/** The props of every page of an app. */
export interface AppProps {
  readonly app: Schemas['App']
  /** The object of the page, as named in its address; empty for a list. */
  readonly id: string
  /** Reloads the app after a change. */
  readonly changed: () => void
}
