import { AUDIENCE_LIMITS, type Audience } from '../../../src/domain/message.ts'
import { isStorable } from '../../../src/domain/text.ts'
import { type Json, wholeDigits } from '../../../src/wire/json.ts'
import { externalIdOf } from '../address.ts'
import { platformOf } from '../device-types.ts'
import { argument } from '../errors.ts'
import { conditionsFilter } from './conditions.ts'
import { PUSHED, typesOf } from './platforms.ts'

/** The audience of a notification, and the ids and tokens that it names. */
export interface Addressed {
  readonly audience: Audience
  readonly devices: readonly string[]
}

/** `devices` overrides all other members that select an audience (sending.md 5.3). */
export function addressedBy(notification: Json, ignored: string[]): Addressed {
  const platforms = platformsOf(notification.platforms)
  const devices = listed(notification, 'devices')
  if (devices) {
    const others = ['filter', 'conditions', 'users'].filter((name) => present(notification[name]))
    ignored.push(...others)
    return {
      audience: { to: { devicesOrTokens: devices.map((one) => externalIdOf(one)) }, ...platforms },
      devices,
    }
  }
  if (present(notification.filter)) throw argument('Filter not found')
  const users = listed(notification, 'users')
  const filter = conditionsFilter(notification.conditions, notification.conditions_operator)
  // Refused: sending to everybody would include devices outside the geozone.
  if (present(notification.geozone) && !users && !filter) throw argument('Geozones are not supported')
  return {
    audience: { to: users ? { users } : { all: true }, ...platforms, ...(filter && { filter }) },
    devices: [],
  }
}

const present = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** All browsers are one platform and are distinguished by their device types. */
function platformsOf(given: unknown): Omit<Audience, 'to'> {
  const types = typesOf(given)
  if (!types) return { platforms: PUSHED }
  const platforms = [...new Set(types.map(platformOf))].filter((one) => PUSHED.includes(one))
  return { platforms, ...(platforms.includes('web') && { platformNames: [...new Set(types)].map(String) }) }
}

function listed(notification: Json, name: 'devices' | 'users'): readonly string[] | undefined {
  const value = notification[name]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw argument(`Invalid ${name} list. "${name}" must be an array.`)
  const { entries, tokenLength } = AUDIENCE_LIMITS
  if (value.length > entries) throw argument(`${name} has more than ${entries} elements`)
  return value.map((one: unknown) => {
    const text = typeof one === 'string' ? one : wholeDigits(one)
    if (text === undefined || text.length > tokenLength || !isStorable(text))
      throw argument(`${name} has an element that is no id`)
    return text
  })
}
