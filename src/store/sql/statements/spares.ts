import { differs } from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, removalSpares, removals } from '../tables.ts'
import { sql, type Template, value } from '../template.ts'

const going = removals.as('going')
const d = devices.as('d')
const { removalId, deviceId } = removalSpares

/**
 * Excludes a device from the removal of a user who becomes its user only now: `chosen` selects the devices `d`, `user` is
 * their new user.
 */
export const spare = <Chosen extends string, User extends string>(
  chosen: Template<Chosen>,
  user: Template<User>,
) =>
  statement(sql`
    INSERT INTO ${removalSpares} (${removalId}, ${deviceId})
    SELECT ${going.id}, ${d.id} FROM ${going} CROSS JOIN ${d}
    WHERE ${going.appId} = ${value('app')} AND ${going.userId} = ${user} AND ${chosen} AND ${differs(d.userId, user)}
    ON CONFLICT DO NOTHING`)
