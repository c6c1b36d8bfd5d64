import type { Parameter } from './operation.ts'

/** The meanings of the path parameters. */
export const PATH: Readonly<Record<string, string>> = {
  app: 'The app’s id.',
  backup: 'The backup’s id.',
  credential: 'The credential’s id.',
  delivery: 'The delivery’s id.',
  device: 'The device’s id in the gateway.',
  dialect: 'A dialect that the app speaks.',
  event: 'The event’s id, from the history of its device.',
  import: 'The import’s id.',
  installation: 'The installation’s id.',
  kind: 'The push service: `fcm`, `apns`, `webpush`, `wns`, `hms` or `adm`.',
  message: 'The message’s id in the gateway.',
  record: 'The record’s id.',
  signature: 'The signature of equal differences.',
  session: 'The session’s id.',
  token: 'The token’s id.',
  undo: 'The undo’s id.',
  user: 'The user’s id, as devices name it.',
  webhook: 'The webhook’s id.',
}

/** Placeholder for the name of a dialect in examples, because only the adapters know the names. */
export const DIALECT = 'DIALECT'

export const limited = (most: number, usual: number): Parameter => ({
  is: `The maximum number of items, from 1 to ${most}.`,
  schema: { type: 'integer', minimum: 1, maximum: most, default: usual },
})

export const flag = (is: string): Parameter => ({ is, schema: { type: 'boolean', default: false } })

export const PAGE = {
  limit: limited(100, 50),
  cursor: 'The `nextCursor` of the previous page, unchanged. By default, the first page is returned.',
}

export const DRY_RUN = {
  dryRun: flag('Changes nothing; the answer is 200 with what would be deleted.'),
}

export const FORCE = {
  force: flag(
    'Deletes even the last credential of a dialect, without which all its server calls are refused.',
  ),
}

const whole = 'Exact match'
/** Combined with AND. */
export const DEVICE_FILTER = {
  dialect: 'Only devices of this dialect.',
  platform: 'Only devices of this platform.',
  provider: 'Only devices with a token of this push service.',
  topic: `Only devices that have this topic. ${whole}, up to 1,000 characters.`,
  user: `Only devices of this user. ${whole}, up to 1,000 characters.`,
  token: 'Only devices with this push token, in any notation; up to 10,000 characters.',
  externalId: `Only the devices with this id in their dialect. ${whole}, up to 10,000 characters.`,
  q: 'A search text: the id of a device in the gateway or in its dialect, its user or its push token. Up to 10,000 characters.',
  tag: 'Only devices that have a tag of this name or, as `name=value`, with this value. Up to 1,000 characters.',
  model: `Only devices of this model. ${whole}, up to 1,000 characters.`,
  appVersion: `Only devices with this version of the app. ${whole}, up to 1,000 characters.`,
  active: {
    is: '`true`: only devices that a message would reach, as far as is known; `false`: only the others.',
    schema: { type: 'boolean' },
  },
} satisfies Record<string, Parameter>
