import { changesDetails, patchedDetails } from '../conditions.ts'
import {
  arrayOf,
  differs,
  flag,
  given,
  givenNumber,
  item,
  json,
  members,
  object,
  patched,
  patchedNumber,
} from '../forms.ts'
import { type Alias, devices } from '../tables.ts'
import { join, sql, type Template, value } from '../template.ts'
import { eventKind, loggedOnce } from './history.ts'

type Device = Alias<'devices'>

const d = devices.as('d')
/** The row itself by its table's name. */
const own = devices.as('devices')

/** The user of a device after a patch. */
const userAfter = (of: Device) => patched('userId', sql`coalesce(${of.userId}, ${given('ifNone.userId')})`)
const provedAfter = (of: Device) =>
  patchedNumber(
    'userProved',
    sql`CASE WHEN ${of.userId} IS NULL THEN coalesce(${givenNumber('ifNone.userProved')}, ${of.userProved}) ELSE ${of.userProved} END`,
  )

/** Its other members after a patch. */
const profileAfter = (of: Device) => ({
  enabled: patchedNumber('enabled', of.enabled),
  expiresAt: patchedNumber('expiresAt', of.expiresAt),
  name: patched('name', of.name),
  model: patched('model', of.model),
  osVersion: patched('osVersion', of.osVersion),
  appVersion: patched('appVersion', of.appVersion),
  sdkVersion: patched('sdkVersion', of.sdkVersion),
  language: patched('language', sql`coalesce(${of.language}, ${given('ifNone.language')})`),
  timezone: patched('timezone', of.timezone),
  details: patchedDetails(of),
})

const assignments = Object.entries(profileAfter(own)).map(
  ([name, after]) => sql`${devices[name as keyof ReturnType<typeof profileAfter>]} = ${after}`,
)
/** The columns that an update sets for a patch. */
export const patchedColumns = sql`${devices.userId} = ${userAfter(own)}, ${devices.userProved} = ${provedAfter(own)}, ${join(assignments, ', ')}`

/** Whether a patch, with its platform, changes the user of a device. */
const changesUser = (of: Device) =>
  sql`(${differs(of.userId, userAfter(of))} OR ${of.userProved} <> ${provedAfter(of)})`
/** The names of the members that change, the user among them. */
const changed = (of: Device) => {
  const after = profileAfter(of)
  return sql`FROM ${members(
    object({
      userId: flag(changesUser(of)),
      platform: flag(sql`${value('keepPlatform')} = 0 AND ${of.platform} <> ${value('platform')}`),
      enabled: flag(differs(of.enabled, after.enabled)),
      expiresAt: flag(differs(of.expiresAt, after.expiresAt)),
      name: flag(differs(of.name, after.name)),
      model: flag(differs(of.model, after.model)),
      osVersion: flag(differs(of.osVersion, after.osVersion)),
      appVersion: flag(differs(of.appVersion, after.appVersion)),
      sdkVersion: flag(differs(of.sdkVersion, after.sdkVersion)),
      language: flag(differs(of.language, after.language)),
      timezone: flag(differs(of.timezone, after.timezone)),
      details: flag(changesDetails(of)),
    }),
  )} f WHERE CAST(${item('f').value} AS TEXT) = '1'`
}
/** Whether they change nothing of the device. */
export const patchHolds = (of: Device) => sql`NOT EXISTS (SELECT 1 ${changed(of)})`

const former = { pushTokenId: d.pushTokenId, userId: d.userId, userProved: d.userProved }
const fields = json(sql`fields`)
/**
 * Records the change of an existing device in one event before it is made. Its kind names the token, the user or, if both
 * stay, the profile; what the kind does not say is in `fields`.
 */
export const changeEvent = <Leaves extends string, Chosen extends string>(
  leaves: Template<Leaves>,
  chosen: Template<Chosen>,
) => sql`
  ${loggedOnce}
  SELECT ${d.appId}, ${d.id},
    CASE WHEN leaves AND ${d.pushTokenId} IS NULL THEN ${eventKind('attached')} WHEN leaves THEN ${eventKind('rotated')}
      WHEN changes_user THEN ${eventKind('userChanged')} ELSE ${eventKind('profileChanged')} END,
    ${value('cause')},
    CASE WHEN NOT leaves AND NOT changes_user THEN ${object({ fields })}
      WHEN fields = '[]' OR NOT leaves AND fields = '["userId"]' THEN ${object(former)} ELSE ${object({ ...former, fields })} END,
    ${value('now')}, NULL
  FROM (SELECT d.*, ${leaves} AS leaves, ${changesUser(d)} AS changes_user, (SELECT ${arrayOf(item('f').key)} ${changed(d)}) AS fields
    FROM ${d} WHERE ${chosen}) d
  WHERE leaves OR changes_user OR fields <> '[]'`
