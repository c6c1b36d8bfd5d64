import { useLocation } from 'preact-iso'

/** The filters of a view, stored in its address. */
export function useQuery() {
  const { query, path, route } = useLocation()
  return {
    query: query as Readonly<Record<string, string | undefined>>,
    /** Changes some filters; removes empty ones, and resets the page of the list when a filter changes. */
    set(change: Readonly<Record<string, string | undefined>>, replace = false) {
      const next = new URLSearchParams()
      const all = { ...query, ...('cursor' in change ? {} : { cursor: undefined }), ...change }
      for (const [name, value] of Object.entries(all)) if (value) next.set(name, value)
      const text = next.toString()
      route(text ? `${path}?${text}` : path, replace)
    },
  }
}

/** The address of an app's view. */
export const appPath = (app: string, ...parts: readonly string[]): string =>
  ['/console/apps', app, ...parts].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/')

export const withQuery = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query)}`
