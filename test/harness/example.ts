import type { Adapter } from '../../src/adapter.ts'
import type { Harness } from './harness.ts'

/** A request as `Harness.request` takes it. */
export interface ExampleRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

const ORIGIN = 'http://gateway.test'

/** The request that an adapter's example command sends for an app that speaks its dialect. */
export function exampleRequest(
  adapter: Adapter,
  document: Readonly<Record<string, unknown>>,
): ExampleRequest {
  return parseCurl(adapter.example(document, ORIGIN))
}

/** A fresh app that speaks the dialect with generated keys, and the request that registers its example device. */
export async function exampleApp(
  h: Harness,
  adapter: Adapter,
): Promise<{ id: string; example: ExampleRequest }> {
  const app = await h.createApp({ [adapter.name]: {} })
  return { id: app.id, example: exampleRequest(adapter, app.dialects[adapter.name] ?? {}) }
}

export const send = (h: Pick<Harness, 'request'>, { method, path, ...rest }: ExampleRequest) =>
  h.request(method, path, rest)

/** Reads the few options of curl that an example may use; any other is a mistake in the example. */
export function parseCurl(command: string): ExampleRequest {
  const [program, ...words] = splitWords(command)
  if (program !== 'curl') throw new Error(`no curl command: ${command}`)
  const headers: Record<string, string> = {}
  let method: string | undefined
  let url: string | undefined
  let body: string | undefined
  while (words.length > 0) {
    const word = words.shift() ?? ''
    if (word === '-X' || word === '--request') method = words.shift()
    else if (word === '-H' || word === '--header') {
      const [name = '', value = ''] = (words.shift() ?? '').split(/:\s*(.*)/s)
      headers[name] = value
    } else if (word === '-d' || word === '--data' || word === '--data-raw') body = words.shift()
    else if (word.startsWith(ORIGIN)) url = word
    else if (!/^-[sSif]+$/.test(word)) throw new Error(`cannot read ${word} in: ${command}`)
  }
  if (url === undefined) throw new Error(`no address in: ${command}`)
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path: url.slice(ORIGIN.length),
    headers,
    ...(body !== undefined && { body }),
  }
}

/** The words of a shell command with quotes, without any substitution. */
function splitWords(command: string): string[] {
  const words = command.replaceAll('\\\n', ' ').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
}
