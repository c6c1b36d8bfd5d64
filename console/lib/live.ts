import { useEffect, useRef, useState } from 'preact/hooks'

/** A registration or refusal event from the gateway. */
export interface Happening {
  readonly id: number
  readonly at: string
  readonly kind: 'registered' | 'refreshed' | 'refused'
  readonly app: string | null
  readonly dialect: string
  readonly facet: string
  readonly device?: { readonly id: string; readonly externalId: string }
  readonly refusal?: {
    readonly reason: string
    readonly identifier: string | null
    readonly requestId: string
  }
}

export type LiveState = 'connecting' | 'open' | 'lost'
const MOST = 200
const AGAIN_AFTER = 2000

/**
 * Server-sent events with `fetch`, because `EventSource` cannot send our header; resumes after an
 * interruption.
 */
export function useLive(query: string, paused = false) {
  const [state, setState] = useState<LiveState>('connecting')
  const [events, setEvents] = useState<readonly Happening[]>([])
  const last = useRef<string | undefined>(undefined)

  useEffect(() => {
    setEvents([])
    last.current = undefined
  }, [query])

  useEffect(() => {
    if (paused) return
    const stop = new AbortController()
    const told = (id: string, data: string) => {
      last.current = id
      if (data) setEvents((before) => [JSON.parse(data), ...before].slice(0, MOST))
    }
    async function listen() {
      while (!stop.signal.aborted) {
        await follow(address(query, last.current), stop.signal, () => setState('open'), told).catch(() =>
          setState('lost'),
        )
        await new Promise((resume) => setTimeout(resume, AGAIN_AFTER))
      }
    }
    listen()
    return () => stop.abort()
  }, [query, paused])
  return { state, events, clear: () => setEvents([]) }
}

const address = (query: string, after: string | undefined) =>
  `/admin/v1/live?${query}${after === undefined ? '' : `${query ? '&' : ''}after=${after}`}`

async function follow(
  url: string,
  signal: AbortSignal,
  opened: () => void,
  told: (id: string, data: string) => void,
) {
  const response = await fetch(url, { signal, headers: { 'X-Pushport-Console': '1' } })
  if (!response.ok || !response.body) throw new Error(`${response.status}`)
  opened()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = (text + value).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const field = (name: string) =>
        part
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2)
      const id = field('id')
      if (id !== undefined) told(id, field('data') ?? '')
    }
  }
}
