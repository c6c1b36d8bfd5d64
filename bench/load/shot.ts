/** A request as the load generators send it. */
export interface Shot {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

export const json = (
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Shot => ({ method, path, headers, body: JSON.stringify(body) })

/** A shot without a body. */
export const bare = (method: string, path: string, headers: Readonly<Record<string, string>>): Shot => ({
  method,
  path,
  headers,
  body: '',
})

/** The bytes of a shot on a connection that is kept. */
export const wire = ({ method, path, headers, body }: Shot): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n')

/** Whether a request was successful; one dialect refuses with HTTP 200. */
export const isDone = (response: Response, text: string): boolean =>
  response.ok && !/"status_code":(?!200\b)/.test(text)
