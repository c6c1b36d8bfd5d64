/** Readers of what other tools take, as strict as their documentation: whatever is beyond it is an error. */
import { z } from 'zod'

const text = z.string().min(1)
const lines = (file: string): unknown[] => {
  if (!file.endsWith('\n')) throw new Error('the last line has no end')
  return file
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** The rows of a table by RFC 4180: quotes only around whole cells, and as many cells in each row. */
function table(file: string, width: number): string[][] {
  const rows: string[][] = []
  for (let rest = file; rest !== ''; ) {
    const row: string[] = []
    for (;;) {
      const [all = '', quoted, bare = '', end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? []
      if (all === '') throw new Error(`this is no cell: ${rest.slice(0, 40)}`)
      row.push(quoted?.replaceAll('""', '"') ?? bare)
      rest = rest.slice(all.length)
      if (end !== ',') break
    }
    if (row.length !== width) throw new Error(`a row has ${row.length} cells`)
    rows.push(row)
  }
  return rows
}

const PUSHES = [
  ...['iOSPush', 'AndroidPush', 'FireOSPush', 'HuaweiPush', 'WindowsPush', 'macOSPush'],
  ...['SafariPush', 'ChromePush', 'FirefoxPush', 'Email', 'SMS'],
] as const
const onesignal = z.strictObject({
  identity: z.strictObject({ external_id: text }).optional(),
  properties: z.strictObject({
    ...{ language: text.optional(), timezone_id: text.optional(), country: text.optional() },
    tags: z.record(text, z.string()).optional(),
  }),
  subscriptions: z.tuple([
    z.strictObject({
      ...{ type: z.enum(PUSHES), token: text, enabled: z.boolean() },
      ...{ device_model: text.optional(), device_os: text.optional(), app_version: text.optional() },
      ...{ web_auth: text.optional(), web_p256: text.optional() },
    }),
  ]),
})

const tokens = z.tuple([z.strictObject({ app_id: text, token: text, device_id: text })])
const braze = z.strictObject({
  attributes: z
    .array(
      z.union([
        z.strictObject({
          ...{ external_id: text, push_tokens: tokens },
          ...{ language: text.optional(), time_zone: text.optional(), country: text.optional() },
        }),
        z.strictObject({ push_token_import: z.literal(true), push_tokens: tokens }),
      ]),
    )
    .min(1)
    .max(75),
})

const parse = z.strictObject({
  results: z.array(
    z.strictObject({
      ...{ installationId: text, deviceType: z.enum(['ios', 'osx', 'android', 'winrt']), deviceToken: text },
      ...{ pushType: z.literal('gcm').optional(), channels: z.array(text) },
      ...{ appVersion: text.optional(), localeIdentifier: text.optional(), timeZone: text.optional() },
      ...{ createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() },
    }),
  ),
})

const told = z.strictObject({ externalId: text, userId: text.optional() })

/** By format: the users and tokens that a reader finds in a file. */
export const STRICT: Readonly<
  Record<string, (file: string) => readonly (readonly [user: string | undefined, token: string])[]>
> = {
  'onesignal-ndjson': (file) =>
    z
      .array(onesignal)
      .parse(lines(file))
      .map(({ identity, subscriptions: [{ token }] }) => [identity?.external_id, token] as const),
  'braze-ndjson': (file) =>
    z
      .array(braze)
      .parse(lines(file))
      .flatMap(({ attributes }) =>
        attributes.map((one) => {
          const [{ token }] = one.push_tokens
          return ['external_id' in one ? one.external_id : undefined, token] as const
        }),
      ),
  // Parse knows no user in an installation.
  'parse-json': (file) =>
    parse.parse(JSON.parse(file)).results.map(({ deviceToken }) => [undefined, deviceToken] as const),
  'sns-csv': (file) =>
    table(file, 2).map(([token = '', data = '']) => [told.parse(JSON.parse(data)).userId, token] as const),
  'posthog-csv': (file) => {
    const [head, ...rows] = table(file, 2)
    if (head?.join() !== 'distinct_id,device_token') throw new Error(`this is no head: ${head?.join()}`)
    return rows.map(([user, token]) => [text.parse(user), text.parse(token)] as const)
  },
}
