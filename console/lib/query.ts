import { useLocation } from 'preact-iso'

/** The filters of a view, as its address holds them. */
export function useQuery() {
  const { query, path, route } = useLocation()
  return {
    query: query as Readonly<Record<string, string | undefined>>,
    /** Changes some; an empty one goes, and with a changed filter the place in the list. */
    set(change: Readonly<Record<string, string | undefined>>, replace = false) {
      const next = new URLSearchParams()
      const all = { ...query, ...('cursor' in change ? {} : { cursor: undefined }), ...change }
      for (const [name, value] of Object.entries(all)) if (value) next.set(name, value)
      const text = next.toString()
      route(text ? `${path}?${text}` : path, replace)
    },
  }
}

/** An address of a view of an app. */
export const appPath = (app: string, ...parts: readonly string[]): string =>
  ['/console/apps', app, ...parts].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/')

export const withQuery = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query)}`
