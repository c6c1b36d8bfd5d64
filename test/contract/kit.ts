import type { Device, DeviceKey } from '../../src/domain/device.ts'
import type { TopicPolicy } from '../../src/domain/topic.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import type {
  AppDraft,
  CredentialDraft,
  RegistrationDraft,
  Store,
  TokenDraft,
} from '../../src/store/store.ts'

/** A store over a driver under test, with what its tests need to fill it. */
export interface StoreKit {
  readonly db: Db
  readonly store: Store
  readonly clock: { now: Date; advance(milliseconds: number): void }
  createApp(draft?: Partial<AppDraft>): Promise<string>
  /** Registers by key unless told otherwise; `token` is an FCM token's text. */
  register(key: DeviceKey, more?: RegisterOptions): Promise<{ device: Device; created: boolean }>
}
export type RegisterOptions = Partial<Omit<RegistrationDraft, 'token' | 'key'>> & { readonly token?: string }

/** What a topic may be in these tests: almost anything. */
export const POLICY: TopicPolicy = { maxLength: 200, refused: [], limit: 5000, automatic: [], ids: false }

const run = crypto.randomUUID().slice(0, 8)
let counter = 0
/** A text that no other test of any file over the same database has. */
export const unique = (prefix: string): string =>
  `${prefix}-${run}-${(counter++).toString().padStart(6, '0')}`

export const keyOf = (appId: string, dialect = 'red', externalId = unique('device')): DeviceKey => ({
  appId,
  dialect,
  externalId,
})

export const tokenDraft = (token: string): TokenDraft => ({
  id: unique('token'),
  provider: 'fcm',
  hash: `hash of ${token}`,
  token,
  environment: 'unknown',
  keys: null,
})

export const credentialDraft = (dialect: string, more: Partial<CredentialDraft> = {}): CredentialDraft => ({
  id: unique('credential'),
  dialect,
  kind: 'key',
  name: null,
  hash: unique('hash'),
  sealed: null,
  scopes: [],
  lookup: null,
  hint: null,
  ...more,
})

export const dialectDraft = (dialect: string, identifier = unique('identifier')) => ({
  dialect,
  identifier,
  names: [identifier],
  options: {},
  credentials: [] as CredentialDraft[],
})

export const appDraft = (more: Partial<AppDraft> = {}): AppDraft => ({
  id: unique('app'),
  name: 'test',
  settings: { carryOver: true },
  vapid: { publicKey: 'public', sealedPrivateKey: 'sealed', subject: 'mailto:test@example.com' },
  dialects: ['red', 'blue'].map((dialect) => dialectDraft(dialect)),
  ...more,
})

export async function createKit(open: () => Promise<Db>): Promise<StoreKit> {
  const db = await open()
  const clock = {
    now: new Date('2026-11-25T12:00:00.000Z'),
    advance(milliseconds: number) {
      clock.now = new Date(clock.now.getTime() + milliseconds)
    },
  }
  const store = sqlStore(db, () => clock.now)
  return {
    db,
    store,
    clock,
    async createApp(draft) {
      const app = appDraft(draft)
      if ('taken' in (await store.apps.create(app, clock.now))) throw new Error('the app was refused')
      return app.id
    },
    async register(key, { token, ...more } = {}) {
      const draft = {
        key,
        deviceId: unique('row'),
        identity: 'key' as const,
        existing: false,
        platform: 'android' as const,
        token: token === undefined ? null : tokenDraft(token),
        patch: {},
        topics: null,
        policy: POLICY,
        carryOver: true,
        replacesAlike: false,
        keepPlatform: false,
        tags: [],
        firstTags: [],
        job: null,
        ...more,
      }
      const registered = await store.devices.register(draft, { at: clock.now, cause: 'test' })
      if (!registered || registered === 'limit') throw new Error('nothing was registered')
      return registered
    },
  }
}
