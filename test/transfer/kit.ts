import { createHarness, type Harness, type HarnessOptions, type ImporterOptions } from '../harness/harness.ts'

/** An import as the admin API shows it. */
export interface ShownImport {
  readonly id: string
  readonly state: string
  readonly rows: { readonly read: number; readonly done: number; readonly total: number | null }
  readonly outcomes: Readonly<Record<string, number>>
  readonly reasons: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  readonly error: { readonly code: string; readonly message: string } | null
}
export interface ShownError {
  readonly row: number
  readonly line?: number
  readonly outcome: string
  readonly reason?: string
  readonly message: string
  readonly field?: string
  readonly externalId?: string
  readonly token?: string
  readonly warnings?: readonly string[]
  readonly raw?: string
}

export interface Office {
  readonly h: Harness
  readonly app: string
  /** Sends a file and works until it is imported. */
  import(query: string, file: string | Uint8Array, more?: ImporterOptions): Promise<ShownImport>
  /** Only sends it. */
  upload(
    query: string,
    file: string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  work(more?: ImporterOptions): Promise<void>
  shown(id: string): Promise<ShownImport>
  errors(id: string, query?: string): Promise<readonly ShownError[]>
  /** The complete answer of a call. */
  export(query: string): Promise<string>
  /** The same, read piece by piece, without the harness's check of the answer. */
  reader(query: string): Promise<ReadableStreamDefaultReader<Uint8Array>>
  /** The devices of the app, by their ids in their dialect. */
  devices(query?: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>
}

const TOKEN = { Authorization: 'Bearer test-admin-token-0123456789' }

export async function createOffice(
  dialects: Readonly<Record<string, unknown>>,
  options: HarnessOptions = {},
): Promise<Office> {
  const names = Object.keys(dialects)
  const h = await createHarness({ dialect: names.length === 1 ? names[0] : undefined, ...options })
  const { id: app } = await h.createApp(dialects)
  return officeOf(h, app)
}

export function officeOf(h: Harness, app: string): Office {
  const upload: Office['upload'] = (query, file, headers = {}) =>
    h.request('POST', `/admin/v1/apps/${app}/imports?${query}`, {
      headers: { ...TOKEN, 'Content-Type': 'application/octet-stream', ...headers },
      body: file,
    })
  const shown = async (id: string): Promise<ShownImport> =>
    (await h.admin('GET', `/apps/${app}/imports/${id}`)).json()
  async function work(more: ImporterOptions = {}) {
    const importer = h.importer(more)
    while (await importer.step());
  }

  return {
    h,
    app,
    upload,
    work,
    shown,
    async import(query, file, more) {
      const answer = await upload(query, file)
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
      const { id } = (await answer.json()) as { readonly id: string }
      await work(more)
      return shown(id)
    },
    async errors(id, query = '') {
      const answer = await h.admin('GET', `/apps/${app}/imports/${id}/errors?${query}`)
      const text = await answer.text()
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    },
    async export(query) {
      const answer = await h.admin('GET', `/apps/${app}/export?${query}`)
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await answer.arrayBuffer())
    },
    async reader(query) {
      const path = `/admin/v1/apps/${app}/export?${query}`
      const { body } = await h.app.request(`http://gateway.test${path}`, { headers: TOKEN })
      if (!body) throw new Error('no body')
      return body.getReader()
    },
    async devices(query = '') {
      const answer = await h.admin('GET', `/apps/${app}/devices?limit=100&${query}`)
      const { devices } = (await answer.json()) as {
        readonly devices: readonly { readonly externalId: string }[]
      }
      return new Map(devices.map((device) => [device.externalId, { ...device }]))
    },
  }
}

export const fcm = (name: string): string => `${name.padEnd(12, '0')}:APA91b${'x'.repeat(120)}`
