import * as z from 'zod'
import { MIRROR_MODES } from '../../domain/mirror.ts'
import { GROUPINGS } from '../../domain/readiness.ts'
import { VERDICTS } from '../../domain/readiness-report.ts'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'

const date = z.iso.date()
const share = z.number().min(0).max(1)
const tally = {
  imported: count.describe('Devices that an import named.'),
  both: count.describe('Of these, those that called here since.'),
  residue: count.describe('Of these, those that did not: only the vendor has heard of them.'),
  liveOnly: count.describe('Devices that called here since, and that no import named.'),
  active: count.describe(
    'Imported devices that were in use at the vendor’s, without those known to be dead.',
  ),
  activeSeen: count.describe('Of these, those that called here since.'),
}
const groups = (by: string) =>
  z
    .array(
      z
        .strictObject({
          value: z.string().nullable().describe('The value; null for devices that have none.'),
          ...tally,
        })
        .describe('Devices that have one value.'),
    )
    .describe(`The same by ${by}, the largest first; what is behind the first 50 is \`other\`.`)

const curve = z
  .array(
    z
      .strictObject({
        date: date.describe('The day, in UTC.'),
        seen: count.describe('Active devices that had called by its end.'),
        share: share.describe('Of all active ones.'),
      })
      .describe('One day.'),
  )
  .describe('Day by day up to today, 400 days at most.')

const target = z
  .strictObject({
    share: share.describe('A share of the active devices.'),
    reachedAt: date.optional().describe('When it was reached.'),
    date: date.nullable().describe('When it was reached or is expected; null where nobody can tell.'),
    earliest: date.optional().describe('The interval of a date that is expected: its first day.'),
    latest: date.optional().describe('Its last day.'),
    reason: z
      .enum(['too_few_days', 'too_few_events', 'plateau', 'no_devices'])
      .optional()
      .describe('Why there is no date.'),
  })
  .describe('When a share will have called.')

const mirror = z
  .strictObject({
    mode: z.enum(['local', ...MIRROR_MODES]).describe('How calls are shared with the vendor.'),
    requests: count.describe('Calls that were.'),
    differing: count.describe('Calls on which both sides differed.'),
    diverged: count.describe('Calls that only one side has done for good.'),
    dropped: count.describe('Copies that were given up.'),
    waiting: count.describe('Copies that wait to be sent.'),
  })
  .describe('What the mirror of the dialect has seen; zeros without one.')

export const Readiness = z
  .strictObject({
    app: z.string().describe('The app’s id.'),
    dialect,
    at: time.describe('When it was counted.'),
    since: time.describe('Calls from then on count.'),
    exportedAt: time.nullable().describe('When the newest file that was imported was true.'),
    activeDays: count.describe('How many days before an export a device was used that counts as active.'),
    totals: z
      .strictObject({
        ...tally,
        live: count.describe('Devices that called here since.'),
        dead: count.describe('Imported devices whose token a push service refused.'),
        placeholders: count.describe('Imported devices whose id is not known yet.'),
      })
      .describe('All devices of the dialect.'),
    coverage: z
      .strictObject({
        all: share.nullable().describe('Of the imported devices, those that called; null without any.'),
        active: share.nullable().describe('Of the active ones; null without any.'),
      })
      .describe('What share of the vendor’s devices is here.'),
    byPlatform: groups('platform'),
    byAppVersion: groups('version of the app'),
    bySdkVersion: groups('version of the SDK'),
    byCountry: groups('country'),
    curve,
    estimate: z
      .strictObject({
        window: count.describe('Days that it is made of.'),
        hazard: z
          .number()
          .nullable()
          .describe('Of the devices that had not called, the share that a day brings; null: not known.'),
        targets: z.array(target).describe('One for each share that was asked for.'),
      })
      .describe(
        'When shares of the active devices will have called. Hazards fall: a late date is rather too early.',
      ),
    verdict: z
      .strictObject({
        state: z.enum(VERDICTS).describe('Whether the vendor can be turned off.'),
        safeFrom: date.nullable().describe('From when on it can be, as far as is known.'),
        reasons: z.array(z.string()).describe('Why.'),
      })
      .describe('What follows from it.'),
    cost: z
      .strictObject({
        billed: count.describe('Rows of the vendor’s export, for which it bills.'),
        reachable: count.describe('Devices here that a message would reach.'),
        idle: share.nullable().describe('The share of the rows beyond that; null without rows.'),
      })
      .describe('What is paid for, beside what is reached.'),
    unseen: z
      .array(
        z
          .strictObject({
            month: z.string().nullable().describe('The month of their last activity; null: not known.'),
            devices: count.describe('How many.'),
          })
          .describe('Devices of one month.'),
      )
      .describe('Imported devices that did not call, by their last activity at the vendor’s.'),
    mirror,
    warnings: z
      .array(z.enum(['hazard_falling', 'first_calls_unknown']))
      .describe(
        '`hazard_falling`: fewer come than a week before, and dates are too early. `first_calls_unknown`: some had called before `since` too, and the curve has them on its first day.',
      ),
  })
  .describe('How far the move of a dialect from its vendor has come.')
  .register(named, { id: 'Readiness' })

export const ReadinessList = z
  .strictObject({
    dialects: z.array(Readiness).describe('One for each dialect of the app.'),
    counting: z.array(dialect).describe('Dialects that are still being counted: ask again.'),
  })
  .describe('How far an app has come.')
  .register(named, { id: 'ReadinessList' })

export const ReadinessCounting = z
  .strictObject({
    dialect,
    devices: count.describe('Devices that have been counted by now.'),
  })
  .describe('A large app is being counted for the first time.')
  .register(named, { id: 'ReadinessCounting' })

export const ReadinessCurves = z
  .strictObject({
    dialect,
    at: time.describe('When it was counted.'),
    since: time.describe('Calls from then on count.'),
    curves: z
      .array(
        z
          .strictObject({
            by: z.enum(GROUPINGS).describe('What the devices have in common.'),
            value: z.string().nullable().describe('The value; null for devices that have none.'),
            active: count.describe('Active devices of the group.'),
            curve,
          })
          .describe('One group.'),
      )
      .describe('The ten largest groups by platform, version of the app, version of the SDK, and country.'),
  })
  .describe('The curves of groups of devices.')
  .register(named, { id: 'ReadinessCurves' })

export const ReadinessRecord = z
  .strictObject({
    id: z.string().describe('The record’s id.'),
    dialect,
    at: time.describe('When it was signed off.'),
    actor: z.string().describe('The name of the token with which it was.'),
    note: z.string().nullable().describe('The operator’s words.'),
    sha256: z.string().describe('The SHA-256 of `document` as it was stored, in hexadecimal digits.'),
    document: openDocument.describe('The readiness as it was then.'),
  })
  .describe('What an operator signed off.')
  .register(named, { id: 'ReadinessRecord' })

export const ReadinessRecordPage = z
  .strictObject({ records: z.array(ReadinessRecord).describe('The records, newest first.'), nextCursor })
  .describe('A page of records.')
  .register(named, { id: 'ReadinessRecordPage' })
