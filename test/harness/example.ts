import type { Adapter } from '../../src/adapter.ts'
import type { Harness } from './harness.ts'

/** A request in the form of `Harness.request`. */
export interface ExampleRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

const ORIGIN = 'http://gateway.test'
const EXAMPLE_TOKEN = 'example-fcm-token'

/** A call inside the command, and the member of its JSON answer that is used. */
const TOKEN_STEP = /\$\((curl .*) \| sed 's\/\.\*"(\w+)":"\\\(\[\^"\]\*\\\)"\.\*\/\\1\/'\)/

/** How to send a step before the registration, such as the request for an access token. */
export type Sender = (request: ExampleRequest) => Promise<Response>

/**
 * The request with which an adapter's example command registers a device. A token call inside the command is
 * sent.
 */
export async function exampleRequest(
  adapter: Adapter,
  document: Readonly<Record<string, unknown>>,
  sender: Sender,
): Promise<ExampleRequest> {
  const command = adapter.example(document, ORIGIN, EXAMPLE_TOKEN).replaceAll('\\\n', ' ').trim()
  const [step, curl = '', member] = command.match(TOKEN_STEP) ?? []
  if (step === undefined) return parseCurl(command)
  const answer = await (await sender(parseCurl(curl))).text()
  const [, found] = answer.match(new RegExp(`"${member}":"([^"]*)"`)) ?? []
  if (found === undefined) throw new Error(`no ${member} in: ${answer}`)
  return parseCurl(command.replace(step, () => found))
}

/**
 * A fresh app that speaks the dialect with generated keys, and the request that registers its example device.
 */
export async function exampleApp(h: Harness, adapter: Adapter) {
  const app = await h.createApp({ [adapter.name]: {} })
  const again = () => exampleRequest(adapter, app.dialects[adapter.name] ?? {}, (request) => send(h, request))
  return {
    id: app.id,
    example: await again(),
    /** The same request later, when its access token may have expired. */
    again,
  }
}

export const send = (h: Pick<Harness, 'request'>, { method, path, ...rest }: ExampleRequest) =>
  h.request(method, path, rest)

/** Parses the few curl options that an example may use; any other is a mistake in the example. */
function parseCurl(command: string): ExampleRequest {
  const [program, ...words] = splitWords(command)
  if (program !== 'curl') throw new Error(`no curl command: ${command}`)
  const headers: Record<string, string> = {}
  let method: string | undefined
  let url: string | undefined
  const data: string[] = []
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === '-X' || word === '--request') method = words.shift()
    else if (word === '-H' || word === '--header') {
      const [name = '', value = ''] = (words.shift() ?? '').split(/:\s*(.*)/s)
      headers[name] = value
    } else if (word === '-d' || word === '--data' || word === '--data-raw') data.push(words.shift() ?? '')
    else if (word === '-u' || word === '--user') headers.Authorization = `Basic ${btoa(words.shift() ?? '')}`
    else if (word.startsWith(ORIGIN)) url = word
    else if (!/^-[sSif]+$/.test(word)) throw new Error(`cannot read ${word} in: ${command}`)
  }
  if (url === undefined) throw new Error(`no address in: ${command}`)
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  if (data.length > 0 && !typed) headers['Content-Type'] = 'application/x-www-form-urlencoded'
  return {
    method: method ?? (data.length === 0 ? 'GET' : 'POST'),
    path: url.slice(ORIGIN.length),
    headers,
    ...(data.length > 0 && { body: data.join('&') }),
  }
}

/** The words of a shell command with quotes, without any substitution. */
function splitWords(command: string): string[] {
  const words = command.replaceAll('\\\n', ' ').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
}
