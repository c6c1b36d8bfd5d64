import type { Device } from '../domain/device.ts'
import { patchHolds, sameDocument } from '../domain/device-patch.ts'
import type { TagChange } from '../domain/tag.ts'
import type { RegistrationDraft, TokenDraft } from '../store/store.ts'

/** Whether a registration would leave the device unchanged. */
export function holds(device: Device, draft: RegistrationDraft): boolean {
  const { platform, keepPlatform, token, patch, topics, tags } = draft
  return (
    (keepPlatform || device.platform === platform) &&
    device.supersededAt === null &&
    (token === null || tokenHolds(device, token)) &&
    patchHolds(device, patch) &&
    tags.every((change) => tagHolds(device, change)) &&
    (topics?.when !== 'always' || topics.names.every((name) => device.topics.includes(name)))
  )
}

/** Whether a change must be written regardless of the device's current tags. */
export const mustBeWritten = (change: TagChange): boolean =>
  change.do !== 'default' && (change.do !== 'set' || change.stamped === true)

function tagHolds({ tags }: Device, change: TagChange): boolean {
  if (!Object.hasOwn(tags, change.name)) return false
  if (change.do === 'default') return true
  return change.do === 'set' && change.as.some(({ value }) => sameDocument(value, tags[change.name]))
}

function tokenHolds({ pushToken }: Device, token: TokenDraft): boolean {
  return (
    pushToken !== null &&
    pushToken.state === 'live' &&
    pushToken.provider === token.provider &&
    pushToken.token === token.token &&
    (token.environment === 'unknown' || token.environment === pushToken.environment) &&
    (token.keys === null || sameDocument(token.keys, pushToken.keys))
  )
}
