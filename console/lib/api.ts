import { useEffect, useRef, useState } from 'preact/hooks'
import { type components, createClient, type Problem } from '../../src/client/client.ts'

export type Schemas = components['schemas']
export type { Problem }

/** Shows the gateway that its own page calls; other sites cannot send this header. */
const OWN = { 'X-Pushport-Console': '1' }

export const api = createClient({ url: '', headers: OWN, fetch: (request) => fetch(request) })

/** Called when the session has ended. */
let ended = () => {}
export const whenSessionEnds = (act: () => void): void => {
  ended = act
}

export interface Answer<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

const UNREACHABLE: Problem = {
  ...{ type: 'urn:pushport:problem:unavailable', title: 'No answer', status: 503 },
  detail: 'The gateway does not answer. Is it running, and is this computer online?',
}

/** The body of a successful answer. Throws the problem of any other. */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch(() => {
    throw UNREACHABLE
  })
  if (response.ok) return data as T
  if (response.status === 401) ended()
  throw typeof error === 'object' && error !== null && 'title' in error
    ? error
    : {
        ...UNREACHABLE,
        title: `Answer ${response.status}`,
        detail: 'The gateway’s answer has an unknown format.',
      }
}

/** A thrown value as a problem. */
const problemOf = (fault: unknown): Problem =>
  typeof fault === 'object' && fault !== null && 'title' in fault
    ? (fault as Problem)
    : {
        ...UNREACHABLE,
        title: 'Something went wrong',
        detail: fault instanceof Error ? fault.message : String(fault),
      }

export interface Called<T> {
  readonly data: T | undefined
  readonly problem: Problem | undefined
  readonly loading: boolean
  reload(): void
}

/** A query for a view: repeated when the key changes, and at an interval while the page is visible. */
export function useCall<T>(key: string, call: () => Promise<Answer<T>>, every?: number): Called<T> {
  const [state, setState] = useState<{ key: string; data?: T; problem?: Problem }>({ key: '' })
  const [turn, setTurn] = useState(0)
  const latest = useRef(call)
  latest.current = call
  useEffect(() => {
    let gone = false
    answered(latest.current()).then(
      (data) => gone || setState({ key, data }),
      (fault) =>
        gone ||
        setState((before) => ({ ...(before.key === key ? before : {}), key, problem: problemOf(fault) })),
    )
    return () => {
      gone = true
    }
  }, [key, turn])
  useEffect(() => {
    if (every === undefined) return
    const timer = setInterval(
      () => document.visibilityState === 'visible' && setTurn((one) => one + 1),
      every,
    )
    return () => clearInterval(timer)
  }, [every])
  const known = state.key === key
  return {
    data: known ? state.data : undefined,
    problem: known ? state.problem : undefined,
    loading: !known,
    reload: () => setTurn((one) => one + 1),
  }
}

/** A change on request, with its progress and result. */
export function useAction() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
    setBusy(true)
    setProblem(undefined)
    try {
      return await work()
    } catch (fault) {
      setProblem(problemOf(fault))
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, run, clear: () => setProblem(undefined) }
}

/** Signs in or out: the only calls outside the admin API. */
export async function session(method: 'POST' | 'DELETE', body?: object): Promise<void> {
  const response = await fetch('/console/session', {
    ...{ method, headers: { ...OWN, 'Content-Type': 'application/json' } },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw UNREACHABLE
  })
  if (!response.ok) throw await response.json().catch(() => UNREACHABLE)
}
