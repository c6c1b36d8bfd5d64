import { PullFault } from './fault.ts'

/** Consecutive failures of a call after which the pull stops; it can be resumed. */
const MOST = 8
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** If a vendor asks for a longer wait than this, the pull ends; it can be resumed. */
const LONGEST_WAIT = 900_000
/** Most bytes of a refusal that are read for its message. */
const REFUSAL = 2000

export interface PoliteOptions {
  /** Most calls per second. */
  readonly rate: number
  /** Milliseconds without a byte after which a call fails. */
  readonly patience: number
  /** Texts that messages must not contain: tokens and keys. */
  secrets(): readonly string[]
  note(text: string): void
}

export interface Asked {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The calls of one pull: limited to the rate, and retried after temporary faults. */
export interface Polite {
  readonly counts: { calls: number; retried: number }
  /**
   * Makes a call and reads its answer. A temporary fault of either repeats both, so `read` must start from
   * the beginning each time. After a 401, `renew` is called once for new credentials. Throws a `PullFault`
   * that says how to continue.
   */
  call<T>(
    ask: () => Asked,
    read: (body: AsyncIterable<Uint8Array>) => Promise<T>,
    how?: { readonly renew?: (() => Promise<boolean>) | undefined; readonly slow?: boolean },
  ): Promise<T>
}

/** A call that exceeded the time limit, or the vendor's; a smaller one may succeed. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow'
}
/** A temporary fault, after which the call is repeated. */
class Passing extends Error {
  readonly after: number | null
  readonly slow: boolean
  constructor(message: string, after: number | null = null, slow = false) {
    super(message)
    this.after = after
    this.slow = slow
  }
}

export function createPolite(options: PoliteOptions): Polite {
  const counts = { calls: 0, retried: 0 }
  let next = 0
  const turn = async () => {
    const wait = next - Date.now()
    next = Math.max(Date.now(), next) + 1000 / options.rate
    if (wait > 0) await pause(wait)
  }
  return {
    counts,
    async call(ask, read, { renew, slow = false } = {}) {
      let renewed = false
      for (let failed = 0, slowly = 0; ; ) {
        await turn()
        counts.calls++
        try {
          const outcome = await once(options, ask(), read)
          if ('value' in outcome) return outcome.value
          if (!renew || renewed || !(await renew())) throw outcome.refused
          renewed = true
        } catch (error) {
          if (!(error instanceof Passing)) throw error
          slowly = error.slow ? slowly + 1 : 0
          if (slow && slowly >= 2) throw new TooSlow(error.message)
          failed++
          counts.retried++
          const wait = error.after ?? backOff(failed)
          if (failed >= MOST || wait > LONGEST_WAIT)
            throw new PullFault('later', `${error.message} Continue later with --resume.`)
          options.note(`${error.message} Trying again in ${Math.ceil(wait / 1000)} s.`)
          await pause(wait)
        }
      }
    },
  }
}

type Outcome<T> = { readonly value: T } | { readonly refused: PullFault }

async function once<T>(
  options: PoliteOptions,
  { url, ...init }: Asked,
  read: (body: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<Outcome<T>> {
  const ending = new AbortController()
  let timer = setTimeout(() => ending.abort(), options.patience)
  const alive = () => {
    clearTimeout(timer)
    timer = setTimeout(() => ending.abort(), options.patience)
  }
  const host = new URL(url).host
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: ending.signal }).catch(
      (error: unknown) => {
        throw ending.signal.aborted ? error : new Passing(`${host} does not answer: ${codeOf(error)}.`)
      },
    )
    alive()
    if (response.ok) return { value: await read(bytesOf(response, alive)) }
    return await answeredBadly(options, host, response)
  } catch (error) {
    if (error instanceof PullFault || error instanceof Passing) throw error
    if (ending.signal.aborted)
      throw new Passing(`${host} sent nothing for ${Math.ceil(options.patience / 1000)} s.`, null, true)
    if (error instanceof Broken) throw new Passing(`The answer from ${host} was cut off: ${error.message}.`)
    throw error
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
}

/** The body is not a complete answer. */
export class Broken extends Error {}

async function* bytesOf({ body }: Response, alive: () => void): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new Broken(codeOf(error))
    })
    if (done) return
    alive()
    yield value
  }
}

async function answeredBadly(
  options: PoliteOptions,
  host: string,
  response: Response,
): Promise<{ readonly refused: PullFault }> {
  const { status, headers } = response
  const after = waitOf(headers.get('Retry-After'))
  if (status === 429) throw new Passing(`${host} asks to try again later.`, after)
  if (status === 408 || status === 425 || status >= 500)
    throw new Passing(`${host} answered ${status}.`, after, status === 408 || status === 504)
  if (status >= 300 && status < 400)
    throw new PullFault('refused', `${host} redirects this call (${status}): correct --from.`)
  const said = `${host} answered ${status}${await wordsOf(response, options.secrets())}.`
  if (status === 401)
    return {
      refused: new PullFault('refused', `${said} Give valid credentials, and continue with --resume.`),
    }
  throw new PullFault('refused', said)
}

/** The vendor's own message, without texts to hide. */
async function wordsOf(response: Response, secrets: readonly string[]): Promise<string> {
  const text = (await response.text().catch(() => '')).slice(0, REFUSAL)
  let message: unknown = text
  try {
    const document = JSON.parse(text)
    message = document.message ?? document.status_message ?? document.error?.message ?? document.error
  } catch {
    // Not JSON: the text itself is shown.
  }
  if (typeof message !== 'string' || message === '' || message.startsWith('<')) return ''
  let shown = message.replace(/\p{Cc}/gu, ' ').slice(0, 200)
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, '…')
  return `: ${shown.replace(/\.$/, '')}`
}

function waitOf(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1000
  return Number.isNaN(wait) ? null : Math.max(0, wait)
}

/** Doubled each time, with a random variation. */
const backOff = (failed: number): number =>
  Math.min(FIRST_PAUSE * 2 ** (failed - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2)

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resume) => setTimeout(resume, milliseconds))

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
