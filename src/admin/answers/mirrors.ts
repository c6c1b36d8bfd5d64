import * as z from 'zod'
import { MIRROR_MODES } from '../../domain/mirror.ts'
import { DIFFERENCE_KINDS, SEVERITIES } from '../../domain/mirror-report.ts'
import { count, dialect, named, nextCursor, time } from './answer.ts'

const counts = {
  requests: count.describe(
    'Calls of the routes that are compared; calls that came in a circle are not among them.',
  ),
  compared: count.describe('Calls that both sides answered: `equal` and `differing` together.'),
  equal: count.describe('Calls on which both sides answered alike.'),
  differing: count.describe('Calls on which they did not.'),
}
const route = z.string().describe('The call: its method, and its path with `{…}` in place of ids.')
const severity = z
  .enum(SEVERITIES)
  .describe('How bad it is: that of the worst difference. What a contract has on purpose is `info`.')
const signature = z.string().describe('The same for all calls that differ in the same way.')
const place = {
  path: z.string().describe('Where: members with dots between, `*` for indexes and names that are data.'),
  kind: z
    .enum(DIFFERENCE_KINDS)
    .describe('In what: `missing` is what only the vendor has, `extra` what only we have.'),
  declared: z.string().optional().describe('Why it is so on purpose; absent for a fault.'),
}
const percentiles = (whose: string) =>
  z
    .strictObject({
      p50: count.describe('Half of the answers were faster, in milliseconds.'),
      p99: count.describe('All but a hundredth were faster, in milliseconds.'),
    })
    .describe(`How fast ${whose} answers were; 0 before there are any.`)

export const MirrorSignature = z
  .strictObject({
    signature,
    route,
    severity,
    count: count.describe('How many calls.'),
    firstAt: time.describe('When the first one was.'),
    lastAt: time.describe('When the last one was.'),
    differences: z.array(z.strictObject(place)).describe('Where both sides differ.'),
    example: z.string().nullable().describe('The id of a call of the list of differences.'),
    accepted: z.boolean().describe('Whether an operator has said that it is no fault.'),
    note: z.string().nullable().describe('The operator’s words.'),
  })
  .describe('Calls on which both sides differed in the same way.')
  .register(named, { id: 'MirrorSignature' })

export const MirrorSummary = z
  .strictObject({
    dialect,
    mode: z
      .enum(['local', ...MIRROR_MODES])
      .describe('How calls are shared; `local` where there is no mirror.'),
    upstream: z.string().nullable().describe('The vendor’s address; null where there is no mirror.'),
    since: time.nullable().describe('Since when it is counted: the last change of mode or address.'),
    ...counts,
    sent: count.describe('Calls and copies that the vendor answered.'),
    notComparable: count.describe('Calls of devices that one side had not known before.'),
    failed: z
      .strictObject({
        unreachable: count.describe(
          'The vendor did not answer, or with something that is none of its answers.',
        ),
        timeout: count.describe('It did not answer in time.'),
        refused: count.describe('It refused the call.'),
      })
      .describe('Calls and copies that the vendor did not do.'),
    notSent: z
      .strictObject({
        never: count.describe('Calls of a kind that is never copied.'),
        loop: count.describe('Calls that had passed a gateway before.'),
        backlog: count.describe('Copies that were dropped since too many waited.'),
      })
      .describe('Calls that were not sent to the vendor.'),
    waiting: count.describe('Copies that wait to be sent.'),
    diverged: count.describe('Calls that only one side has done for good.'),
    dropped: count.describe('Copies that were given up.'),
    latency: z
      .strictObject({ ours: percentiles('our'), vendor: percentiles('the vendor’s') })
      .describe('Of compared calls.'),
    routes: z
      .array(z.strictObject({ route, ...counts }).describe('One route.'))
      .describe('The same by route, the busiest first.'),
    signatures: z
      .array(MirrorSignature)
      .describe('How both sides differ, the most frequent first; 500 at most.'),
  })
  .describe('What was seen of a mirror.')
  .register(named, { id: 'MirrorSummary' })

const side = z
  .strictObject({
    status: z.int().describe('The HTTP status.'),
    ms: count.describe('How long it took, in milliseconds.'),
  })
  .describe('The answer of one side.')
const masked = z.unknown().describe('Tokens and whoever it is about are masked.')

export const MirrorDiff = z
  .strictObject({
    id: z.string().describe('The id of the stored difference.'),
    at: time.describe('When.'),
    dialect,
    mode: z.enum(MIRROR_MODES).describe('How calls were shared then.'),
    route,
    severity,
    signature,
    ours: side,
    vendor: side,
    differences: z
      .array(z.strictObject({ ...place, ours: masked.optional(), vendor: masked.optional() }))
      .describe('Where both sides differ, and in what.'),
    sample: z
      .strictObject({ request: masked, ours: masked, vendor: masked })
      .nullable()
      .describe('The bodies; null where they are not kept.'),
  })
  .describe('A call on which both sides differed.')
  .register(named, { id: 'MirrorDiff' })

export const MirrorDiffPage = z
  .strictObject({ diffs: z.array(MirrorDiff).describe('The calls, newest first.'), nextCursor })
  .describe('A page of calls on which both sides differed.')
  .register(named, { id: 'MirrorDiffPage' })
