import type { PROFILE_FIELDS } from '../../../domain/device.ts'
import type { FormerDevice, HeldState, Reveal } from '../../store.ts'
import type { HeldStateRow } from '../statements/held.ts'
import { DAY, toKept } from './undo-kept.ts'

type Token = HeldState['token']
/** A token, or a device with its token, as `kept.ts` writes them. */
type Written = NonNullable<Token> | WrittenDevice
interface WrittenDevice {
  readonly device: {
    readonly externalId: string
    readonly platform: FormerDevice['platform']
    readonly userId: string | null
    readonly userProved: number
    readonly createdAt: number
    readonly updatedAt: number
    readonly lastSeenAt: number
    readonly importedAt: number | null
    readonly liveAt: number | null
  }
  readonly profile: Pick<FormerDevice, (typeof PROFILE_FIELDS)[number]>
  readonly token: Token
  /** Each begins with these. */
  readonly topics: readonly (readonly [name: string])[]
  readonly tags: readonly (readonly [name: string, type: string, json: string])[]
}

/** Opens a kept state for the user it is about; of one that was another user's then, only its existence is told. */
export async function toHeldState(
  row: HeldStateRow,
  { userId, undoDays, reveal }: { userId: string; undoDays: number; reveal: Reveal },
): Promise<HeldState> {
  const own = row.user_id === null || row.user_id === userId
  const text = own ? await reveal(toKept(row)) : null
  return {
    kind: row.subject === row.device_id ? 'device' : 'token',
    ...{ deviceId: row.device_id, dialect: row.dialect },
    ...{ at: new Date(row.at), until: new Date(row.at + undoDays * DAY) },
    ...(text === null ? { token: null, device: null } : contentOf(JSON.parse(text))),
  }
}

const contentOf = (written: Written): Pick<HeldState, 'token' | 'device'> =>
  'device' in written
    ? { token: tokenOf(written.token), device: deviceOf(written) }
    : { token: tokenOf(written), device: null }

const tokenOf = (token: Token): Token => token && { provider: token.provider, token: token.token }

function deviceOf({ device, profile, topics, tags }: WrittenDevice): FormerDevice {
  const { externalId, platform, userId, importedAt, liveAt } = device
  return {
    ...{ externalId, platform, ...profile },
    user: userId === null ? null : { id: userId, proved: device.userProved === 1 },
    topics: topics.map(([name]) => name).sort(),
    tags: Object.fromEntries(tags.map(([name, , json]) => [name, JSON.parse(json)])),
    createdAt: new Date(device.createdAt),
    updatedAt: new Date(device.updatedAt),
    lastSeenAt: new Date(device.lastSeenAt),
    importedAt: importedAt === null ? null : new Date(importedAt),
    // As of devices that are there: one that no import named has called since it exists.
    liveAt: importedAt === null ? new Date(device.createdAt) : liveAt === null ? null : new Date(liveAt),
  }
}
