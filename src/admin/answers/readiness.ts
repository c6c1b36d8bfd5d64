import * as z from 'zod'
import { MIRROR_MODES } from '../../domain/mirror.ts'
import { GROUPINGS } from '../../domain/readiness.ts'
import { VERDICTS } from '../../domain/readiness-report.ts'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'

const date = z.iso.date()
const share = z.number().min(0).max(1)
const tally = {
  imported: count.describe('Imported devices.'),
  both: count.describe('Of these, devices that have called since.'),
  residue: count.describe('Of these, devices that have not: only the vendor has seen them.'),
  liveOnly: count.describe('Devices that have called since but were in no import.'),
  active: count.describe('Imported devices that were active at the vendor, without those known to be dead.'),
  activeSeen: count.describe('Of these, devices that have called since.'),
}
const groups = (by: string) =>
  z
    .array(
      z
        .strictObject({
          value: z.string().nullable().describe('The value; null for devices that have none.'),
          ...tally,
        })
        .describe('The devices with this value.'),
    )
    .describe(`The same by ${by}, largest first; all after the first 50 are in \`other\`.`)

const curve = z
  .array(
    z
      .strictObject({
        date: date.describe('The day, in UTC.'),
        seen: count.describe('Active devices that had called by the end of the day.'),
        share: share.describe('Their share of all active devices.'),
      })
      .describe('One day.'),
  )
  .describe('One entry a day up to today, 400 at most.')

const target = z
  .strictObject({
    share: share.describe('A share of the active devices.'),
    reachedAt: date.optional().describe('When the share was reached.'),
    date: date
      .nullable()
      .describe('When the share was or will be reached; null if that cannot be estimated.'),
    earliest: date.optional().describe('The first day of the interval in which it is expected.'),
    latest: date.optional().describe('The last day of that interval.'),
    reason: z
      .enum(['too_few_days', 'too_few_events', 'plateau', 'no_devices'])
      .optional()
      .describe('Why there is no date.'),
  })
  .describe('When a share of the devices will have called.')

const mirror = z
  .strictObject({
    mode: z.enum(['local', ...MIRROR_MODES]).describe('How calls are shared with the vendor.'),
    requests: count.describe('Calls that were shared.'),
    differing: count.describe('Calls that both sides answered differently.'),
    diverged: count.describe('Calls whose effect only one side has.'),
    dropped: count.describe('Copies that could not be delivered.'),
    waiting: count.describe('Copies that are waiting to be sent.'),
  })
  .describe('The counts of the dialect’s mirror; zeros without one.')

export const Readiness = z
  .strictObject({
    app: z.string().describe('The app’s id.'),
    dialect,
    at: time.describe('When it was counted.'),
    since: time.describe('Only calls from this time on count.'),
    exportedAt: time.nullable().describe('When the vendor exported the newest imported file.'),
    activeDays: count.describe(
      'A device counts as active if it was used within this many days before the export.',
    ),
    totals: z
      .strictObject({
        ...tally,
        live: count.describe('Devices that have called since.'),
        dead: count.describe('Imported devices whose token a push service refused.'),
        placeholders: count.describe('Imported devices whose id is not known yet.'),
      })
      .describe('All devices of the dialect.'),
    coverage: z
      .strictObject({
        all: share
          .nullable()
          .describe('The share of the imported devices that have called; null without any.'),
        active: share
          .nullable()
          .describe('The share of the active devices that have called; null without any.'),
      })
      .describe('The share of the vendor’s devices that have called the gateway.'),
    byPlatform: groups('platform'),
    byAppVersion: groups('app version'),
    bySdkVersion: groups('SDK version'),
    byCountry: groups('country'),
    curve,
    estimate: z
      .strictObject({
        window: count.describe('The number of days that the estimate is based on.'),
        hazard: z
          .number()
          .nullable()
          .describe(
            'The share of the missing devices that call for the first time in a day; null if unknown.',
          ),
        targets: z.array(target).describe('One for each requested share.'),
      })
      .describe(
        'When shares of the active devices will have called. The hazard usually falls over time, so distant dates tend to be too early.',
      ),
    verdict: z
      .strictObject({
        state: z.enum(VERDICTS).describe('Whether the vendor can be turned off.'),
        safeFrom: date.nullable().describe('The date from which it can be turned off, as far as is known.'),
        reasons: z.array(z.string()).describe('The reasons for the state.'),
      })
      .describe('The conclusion.'),
    cost: z
      .strictObject({
        billed: count.describe('Rows of the vendor’s export, which it bills for.'),
        reachable: count.describe('Devices in the gateway that a message would reach.'),
        idle: share
          .nullable()
          .describe('The share of billed rows without a reachable device; null without rows.'),
      })
      .describe('What the vendor bills, compared with what messages reach.'),
    unseen: z
      .array(
        z
          .strictObject({
            month: z.string().nullable().describe('The month of their last activity; null if unknown.'),
            devices: count.describe('The number of devices.'),
          })
          .describe('The devices of one month.'),
      )
      .describe('Imported devices that have not called, by their last activity at the vendor.'),
    mirror,
    warnings: z
      .array(z.enum(['hazard_falling', 'first_calls_unknown']))
      .describe(
        '`hazard_falling`: fewer devices arrive than a week ago, so the dates are too early. `first_calls_unknown`: some devices had called before `since`, and the curve counts them on its first day.',
      ),
  })
  .describe('The progress of a dialect’s move from its vendor.')
  .register(named, { id: 'Readiness' })

export const ReadinessList = z
  .strictObject({
    dialects: z.array(Readiness).describe('One for each dialect of the app.'),
    counting: z.array(dialect).describe('Dialects that are still being counted: ask again.'),
  })
  .describe('The progress of an app’s move.')
  .register(named, { id: 'ReadinessList' })

export const ReadinessCounting = z
  .strictObject({
    dialect,
    devices: count.describe('Devices counted so far.'),
  })
  .describe('A large app is being counted for the first time.')
  .register(named, { id: 'ReadinessCounting' })

export const ReadinessCurves = z
  .strictObject({
    dialect,
    at: time.describe('When it was counted.'),
    since: time.describe('Only calls from this time on count.'),
    curves: z
      .array(
        z
          .strictObject({
            by: z.enum(GROUPINGS).describe('The property that the devices share.'),
            value: z.string().nullable().describe('The value; null for devices that have none.'),
            active: count.describe('Active devices in the group.'),
            curve,
          })
          .describe('One group.'),
      )
      .describe('The ten largest groups by platform, app version, SDK version and country.'),
  })
  .describe('The curves of the largest groups of devices.')
  .register(named, { id: 'ReadinessCurves' })

export const ReadinessRecord = z
  .strictObject({
    id: z.string().describe('The record’s id.'),
    dialect,
    at: time.describe('When it was signed off.'),
    actor: z.string().describe('The name of the token that was used.'),
    note: z.string().nullable().describe('The operator’s note.'),
    sha256: z.string().describe('The SHA-256 of `document` as stored, in hexadecimal.'),
    document: openDocument.describe('The readiness at that time.'),
  })
  .describe('A readiness that an operator signed off.')
  .register(named, { id: 'ReadinessRecord' })

export const ReadinessRecordPage = z
  .strictObject({ records: z.array(ReadinessRecord).describe('The records, newest first.'), nextCursor })
  .describe('A page of records.')
  .register(named, { id: 'ReadinessRecordPage' })
