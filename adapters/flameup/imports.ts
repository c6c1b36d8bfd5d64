import type { Platform } from '../../src/domain/device.ts'
import type { Warning } from '../../src/domain/import.ts'
import type { Format, ImportTerms, RawRow } from '../../src/transfer/format.ts'
import { isObject } from '../../src/transfer/text/json.ts'
import { externalId, isHexadecimal } from './devices.ts'

const PLATFORMS: readonly Platform[] = ['ios', 'android', 'web']
const FIELDS = { token: 'device_token', platform: 'platform', userId: 'person_id', externalId: 'id' }

/** The list of a workspace's devices, or those of one person (migration.md 1.5). */
const list: Format = {
  name: 'flameup-json',
  shape: 'pages',
  lists: ['devices'],
  bare: 'devices',
  foreign: false,
  read:
    ({ options: { sourceApp } }) =>
    ({ value, fault }) => {
      if (fault || !isObject(value)) return { fault: fault ?? 'not_object' }
      if (sourceApp !== undefined && value.workspace_id !== sourceApp)
        return { skip: 'other_app', fields: FIELDS }
      return rowOf(value)
    },
}

function rowOf(device: Readonly<Record<string, unknown>>): RawRow {
  const { device_token: token, platform: said, person_id: person } = device
  const platform = PLATFORMS.find((one) => one === String(said).toLowerCase()) ?? null
  const inactive = device.is_active === false || device.is_valid === false
  const nobody = person === undefined || person === null || person === ''
  const warnings: Warning[] = nobody ? ['no_user'] : []
  const hex = typeof token === 'string' && isHexadecimal(token.trim())
  return {
    token,
    platform,
    provider: platform === 'ios' && hex ? 'apns' : 'fcm',
    userId: person,
    enabled: inactive ? false : undefined,
    profile: {
      name: device.device_name,
      model: device.device_model,
      osVersion: device.os_version,
      appVersion: device.app_version,
    },
    createdAt: device.created_at,
    lastSeenAt: device.last_used_at,
    updatedAt: device.updated_at ?? null,
    rowId: device.id,
    warnings,
    fields: FIELDS,
  }
}

export const IMPORTS: ImportTerms = {
  idLimit: 4096,
  userLimit: 255,
  formats: [list],
  idOf: ({ token, externalId: own }) => (token === null ? own : externalId(token)),
  details: ({ token }) => (token !== null && isHexadecimal(token) ? { token } : {}),
}
