import type { Device, DeviceKey } from '../../src/domain/device.ts'
import type { Clock } from '../../src/domain/ids.ts'
import type { TopicPolicy } from '../../src/domain/topic.ts'
import { sha256Hex } from '../../src/secrets/hash.ts'
import type {
  AppDraft,
  CredentialDraft,
  Occasion,
  RegistrationDraft,
  Reveal,
  Store,
  TokenDraft,
} from '../../src/store/store.ts'

/** A new store that asks `now` for the time. */
export type OpenStore = (clock: Clock) => Promise<Store>

/** A store under test, and what its tests need to fill it. */
export interface StoreKit {
  readonly store: Store
  readonly clock: { now: Date; advance(milliseconds: number): void }
  /** The current time. */
  occasion(): Occasion
  createApp(draft?: Partial<AppDraft>): Promise<string>
  /** Registers by key unless stated otherwise; `token` is the text of an FCM token. */
  register(key: DeviceKey, more?: RegisterOptions): Promise<{ device: Device; created: boolean }>
}
export type RegisterOptions = Partial<Omit<RegistrationDraft, 'token' | 'key'>> & { readonly token?: string }

/** The names of topics in these tests: almost anything. */
export const POLICY: TopicPolicy = { maxLength: 200, refused: [], limit: 5000, automatic: [], ids: false }

const run = crypto.randomUUID().slice(0, 8)
let counter = 0
/** A text that no other test over the same database has. */
export const unique = (prefix: string): string =>
  `${prefix}-${run}-${(counter++).toString().padStart(6, '0')}`

export const keyOf = (appId: string, dialect = 'red', externalId = unique('device')): DeviceKey => ({
  appId,
  dialect,
  externalId,
})

/** In the form in which a token's hash reaches the store. */
export const hashOf = (token: string): string => sha256Hex(`hash of ${token}`)

export const tokenDraft = (token: string): TokenDraft => ({
  id: unique('token'),
  provider: 'fcm',
  hash: hashOf(token),
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

/** A device with one row of everything: a token, a topic, a tag, a receipt. */
export async function fullDevice({ register, store, clock }: StoreKit, key: DeviceKey): Promise<Device> {
  const topics = { names: ['a'], when: 'created' as const }
  const { device } = await register(key, { token: unique('t'), topics })
  const changes = [{ name: 'a', do: 'set' as const, as: [{ type: 'text', value: 'x' }] }]
  await store.tags.change(key, changes, { at: clock.now, cause: 'test' })
  await store.receipts.record({ key, messageId: 'm', kind: 'opened', at: clock.now, details: {} })
  return device
}

/** Runs one batch of a pending removal, with its own claim; false if none is due. */
export async function removePiece({ store, clock }: Pick<StoreKit, 'store' | 'clock'>): Promise<boolean> {
  const [lease, after] = [
    unique('lease'),
    (minutes: number) => new Date(clock.now.getTime() + minutes * 60_000),
  ]
  const claimed = await store.removals.claim(
    { lease, until: after(1), horizon: after(2), limit: 1 },
    clock.now,
  )
  for (const one of claimed) await store.removals.proceed(one, { lease, last: true })
  return claimed.length > 0
}

/** A whole list, read page by page. */
export async function everyPage<T, At>(
  page: (at: At | null) => Promise<{ readonly items: readonly T[]; readonly next: At | null }>,
): Promise<T[]> {
  const all: T[] = []
  let at: At | null = null
  do {
    const { items, next }: { readonly items: readonly T[]; readonly next: At | null } = await page(at)
    all.push(...items)
    at = next
  } while (at !== null)
  return all
}

export async function createKit(open: OpenStore): Promise<StoreKit> {
  const clock = {
    now: new Date('2026-11-25T12:00:00.000Z'),
    advance(milliseconds: number) {
      clock.now = new Date(clock.now.getTime() + milliseconds)
    },
  }
  const store = await open(() => clock.now)
  const occasion = () => ({ at: clock.now, cause: 'test' })
  return {
    store,
    clock,
    occasion,
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
      const registered = await store.devices.register(draft, occasion())
      if (!registered || registered === 'limit' || registered === 'full')
        throw new Error('nothing was registered')
      return registered
    },
  }
}

/** Opens kept states: in these tests, `sealed ` before a text is its seal. */
export const reveal: Reveal = async ({ document, sealed }) =>
  document ?? sealed?.replace('sealed ', '') ?? null

/** A user, and the keyed hash that represents them. */
export const heldOf = (appId: string, userId: string) => ({ appId, userId, subject: `hash of ${userId}` })
