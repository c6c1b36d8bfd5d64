import type { Schemas } from './api.ts'
import { plural } from './format.ts'

type Detail = Schemas['Event']['detail']

const list = (of: unknown): string =>
  Array.isArray(of) ? of.slice(0, 8).join(', ') + (of.length > 8 ? ` and ${of.length - 8} more` : '') : ''
const text = (of: unknown): string => (typeof of === 'string' ? of : '')
/** Members that changed with the token or the user. */
const also = ({ fields }: Detail): string => {
  const names = list(Array.isArray(fields) && fields.filter((name) => name !== 'userId'))
  return names && `; also changed: ${names}`
}
/** The user that a device has lost, by an event about its token. */
const left = ({ fields, userId }: Detail): string =>
  Array.isArray(fields) && fields.includes('userId') ? `, and ${lost(userId)}` : ''
const lost = (userId: unknown): string =>
  text(userId) ? `another user; before, it was ${text(userId)}` : 'a user'

const WORDS: Readonly<Record<string, string | ((detail: Detail) => string)>> = {
  registered: 'Registered for the first time',
  superseded: ({ by }) => `Another device took over its push token${text(by) && `: ${text(by)}`}`,
  attached: (detail) => `Got its first push token${left(detail)}${also(detail)}`,
  rotated: (detail) => `Got a new push token${left(detail)}${also(detail)}`,
  tokenChanged: 'Sent its push token in a different form: other keys, environment or spelling',
  userChanged: (detail) =>
    `${text(detail.userId) ? `Its user changed; before, it was ${text(detail.userId)}` : 'Got a user'}${also(detail)}`,
  detached: 'Its push token was removed',
  profileChanged: ({ fields }) => (list(fields) ? `Changed: ${list(fields)}` : 'Changed its details'),
  renamed: ({ from }) => `Got the vendor’s id; before: ${text(from)}`,
  subscribed: ({ topics }) => `Subscribed to ${list(topics)}`,
  unsubscribed: ({ topics }) => `Unsubscribed from ${list(topics)}`,
  tagsChanged: ({ names }) => `Tags changed: ${list(names)}`,
  topicRemoved: ({ topic }) => `The topic ${text(topic)} was removed, with its subscription`,
  deactivated: 'A similar device of the same user replaced it',
  dead: ({ reason }) => `The push service refused its token${text(reason) && `: ${text(reason)}`}`,
  unregistered: 'Unregistered',
  expired: 'Expired',
  forgotten: 'Removed: replaced and inactive',
  imported: ({ row, outcome }) => `Imported from row ${row} of a file: ${text(outcome)}`,
  adopted: 'Made its first call; until then it was known only from an import',
  undone: ({ kind }) => `An operator undid an event${text(kind) && `: ${text(kind)}`}`,
  erased: ({ devices }) => `Erased with ${plural(Array.isArray(devices) ? devices.length : 0, 'device')}`,
}

/** A description of a device's event. */
export function told({ kind, detail }: Pick<Schemas['Event'], 'kind' | 'detail'>): string {
  const words = WORDS[kind]
  return typeof words === 'function' ? words(detail) : (words ?? kind)
}
