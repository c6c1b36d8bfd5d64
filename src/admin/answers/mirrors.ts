import * as z from 'zod'
import { MIRROR_MODES } from '../../domain/mirror.ts'
import { DIFFERENCE_KINDS, SEVERITIES } from '../../domain/mirror-report.ts'
import { count, dialect, named, nextCursor, time } from './answer.ts'

const counts = {
  requests: count.describe('Calls to routes that are compared, without calls that came back in a loop.'),
  compared: count.describe('Calls that both sides answered: `equal` and `differing` together.'),
  equal: count.describe('Calls that both sides answered the same way.'),
  differing: count.describe('Calls that they answered differently.'),
}
const route = z.string().describe('The method and the path, with `{…}` in place of ids.')
const severity = z
  .enum(SEVERITIES)
  .describe('The severity of the worst difference. Intended differences are `info`.')
const signature = z.string().describe('Identifies all calls that differ in the same way.')
const place = {
  path: z
    .string()
    .describe('The path of the member, with dots; `*` stands for indexes and for names that are data.'),
  kind: z
    .enum(DIFFERENCE_KINDS)
    .describe(
      'The kind of difference: `missing` if only the vendor has the member, `extra` if only Pushport has it.',
    ),
  declared: z.string().optional().describe('Why the difference is intended; absent if it is a fault.'),
}
const percentiles = (whose: string) =>
  z
    .strictObject({
      p50: count.describe('The median, in milliseconds.'),
      p99: count.describe('The 99th percentile, in milliseconds.'),
    })
    .describe(`The latency of ${whose} answers; 0 before there are any.`)

export const MirrorSignature = z
  .strictObject({
    signature,
    route,
    severity,
    count: count.describe('The number of calls.'),
    firstAt: time.describe('When the first call was made.'),
    lastAt: time.describe('When the last call was made.'),
    differences: z.array(z.strictObject(place)).describe('Where both sides differ.'),
    example: z.string().nullable().describe('The id of an example in the list of differences.'),
    accepted: z.boolean().describe('Whether an operator accepted the difference.'),
    note: z.string().nullable().describe('The operator’s note.'),
  })
  .describe('Calls that both sides answered with the same differences.')
  .register(named, { id: 'MirrorSignature' })

export const MirrorSummary = z
  .strictObject({
    dialect,
    mode: z.enum(['local', ...MIRROR_MODES]).describe('How calls are shared; `local` without a mirror.'),
    upstream: z.string().nullable().describe('The vendor’s address; null without a mirror.'),
    since: time.nullable().describe('The start of the counts: the last change of mode or address.'),
    ...counts,
    sent: count.describe('Calls and copies that the vendor answered.'),
    notComparable: count.describe('Calls from devices that one side did not know yet.'),
    failed: z
      .strictObject({
        unreachable: count.describe('The vendor did not answer, or something else answered in its place.'),
        timeout: count.describe('The vendor did not answer in time.'),
        refused: count.describe('The vendor refused the call.'),
      })
      .describe('Calls and copies that the vendor did not carry out.'),
    notSent: z
      .strictObject({
        never: count.describe('Calls that are never copied.'),
        loop: count.describe('Calls that had already passed through a gateway.'),
        backlog: count.describe('Copies that were dropped because too many were waiting.'),
      })
      .describe('Calls that were not sent to the vendor.'),
    waiting: count.describe('Copies that are waiting to be sent.'),
    diverged: count.describe('Calls whose effect only one side has.'),
    dropped: count.describe('Copies that could not be delivered.'),
    latency: z
      .strictObject({ ours: percentiles('the gateway’s'), vendor: percentiles('the vendor’s') })
      .describe('The latencies of compared calls.'),
    routes: z
      .array(z.strictObject({ route, ...counts }).describe('One route.'))
      .describe('The counts by route, the busiest first.'),
    signatures: z.array(MirrorSignature).describe('The differences, most frequent first; 500 at most.'),
  })
  .describe('The counts of a mirror.')
  .register(named, { id: 'MirrorSummary' })

const side = z
  .strictObject({
    status: z.int().describe('The HTTP status.'),
    ms: count.describe('The duration, in milliseconds.'),
  })
  .describe('The answer of one side.')
const masked = z.unknown().describe('Tokens and personal data are masked.')

export const MirrorDiff = z
  .strictObject({
    id: z.string().describe('The id of the stored difference.'),
    at: time.describe('When the call was made.'),
    dialect,
    mode: z.enum(MIRROR_MODES).describe('How calls were shared at that time.'),
    route,
    severity,
    signature,
    ours: side,
    vendor: side,
    differences: z
      .array(z.strictObject({ ...place, ours: masked.optional(), vendor: masked.optional() }))
      .describe('Where and how both sides differ.'),
    sample: z
      .strictObject({ request: masked, ours: masked, vendor: masked })
      .nullable()
      .describe('The bodies; null if they are not stored.'),
  })
  .describe('A call that both sides answered differently.')
  .register(named, { id: 'MirrorDiff' })

export const MirrorDiffPage = z
  .strictObject({ diffs: z.array(MirrorDiff).describe('The calls, newest first.'), nextCursor })
  .describe('A page of calls that both sides answered differently.')
  .register(named, { id: 'MirrorDiffPage' })
