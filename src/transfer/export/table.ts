import { type Device, PROFILE_FIELDS } from '../../domain/device.ts'
import type { Form } from '../form.ts'
import { BOM, rowWriter } from './cells.ts'

const COLUMNS = [
  ...[
    'dialect',
    'externalId',
    'platform',
    'provider',
    'environment',
    'token',
    'keys',
    'userId',
    'userProved',
  ],
  ...['topics', 'subscriptionIds', 'tags', 'tagTypes', 'enabled', ...PROFILE_FIELDS, 'details'],
  ...['createdAt', 'lastSeenAt'],
]

const json = (document: unknown): string => JSON.stringify(document)

/** The same data as a table; lists and objects are JSON in cells (migration.md 5). */
export const csv: Form = {
  name: 'csv',
  media: 'text/csv; charset=utf-8',
  extension: 'csv',
  table: true,
  open({ safe }) {
    const row = rowWriter(safe)
    return {
      head: (safe ? BOM : '') + row(COLUMNS),
      devices: (piece) => piece.map(({ device, tagTypes }) => row(cellsOf(device, tagTypes))).join(''),
      tail: () => '',
    }
  },
}

function cellsOf(device: Device, tagTypes: ReadonlyMap<string, string>): readonly string[] {
  const { pushToken, user } = device
  return [
    ...[device.dialect, device.externalId, device.platform],
    ...[pushToken?.provider ?? '', pushToken?.environment ?? '', pushToken?.token ?? ''],
    pushToken?.keys ? json(pushToken.keys) : '',
    ...[user?.id ?? '', String(user?.proved ?? false)],
    ...[json(device.topics), json(Object.fromEntries(device.subscriptionIds))],
    ...[json(device.tags), json(Object.fromEntries(tagTypes)), String(device.enabled)],
    ...PROFILE_FIELDS.map((name) => device[name] ?? ''),
    ...[json(device.details), device.createdAt.toISOString(), device.lastSeenAt.toISOString()],
  ]
}
