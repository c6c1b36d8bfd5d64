import type { Office } from './kit.ts'

interface Call {
  readonly id: string
  readonly token?: string
  readonly user?: string
  readonly platform?: 'ios' | 'android'
  readonly appVersion?: string
  readonly language?: string
  readonly topics?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
}

/** A call that a phone makes by itself. */
export async function call({ h, app }: Pick<Office, 'h' | 'app'>, more: Call) {
  const record = await h.gateway.directory.app(app)
  const [setup] = record.dialects
  if (!setup) throw new Error('no dialect')
  return h.gateway.devices.register({
    app: { ...setup, app: record, credentials: [] },
    externalId: more.id,
    identity: 'key',
    platform: more.platform ?? 'android',
    cause: 'call',
    ...(more.token !== undefined && { pushToken: { provider: 'fcm' as const, token: more.token } }),
    patch: {
      ...(more.user !== undefined && { user: { id: more.user, proved: false } }),
      ...(more.appVersion !== undefined && { appVersion: more.appVersion }),
      ...(more.language !== undefined && { language: more.language }),
    },
    ...(more.topics && {
      topics: { names: more.topics, when: 'always' as const },
      policy: { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false },
    }),
    tags: Object.entries(more.tags ?? {}).map(([name, value]) => ({
      name,
      do: 'set' as const,
      as: [{ type: 'string', value }],
    })),
  })
}
