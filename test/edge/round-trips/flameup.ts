import * as z from 'zod'
import { flameup } from '../../../adapters/flameup/index.ts'
import type { ExampleRequest } from '../../harness/example.ts'
import { type DialectTable, json, type Registered } from './table.ts'

const Document = z.object({
  workspaceId: z.string(),
  apiKeys: z.array(z.object({ key: z.string() })).min(1),
})
type Dialect = Registered['dialect']

const PEOPLE = '/people/jane/devices'
const withKey = (dialect: Dialect, request: ExampleRequest): ExampleRequest => {
  const key = Document.parse(dialect).apiKeys[0]?.key
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${key}` } }
}
/** A call with a key that may send, created before and not counted. */
async function sending({ h, dialect }: Registered, at: (dialect: Dialect) => string, body: object) {
  const found = await h.gateway.apps.find('flameup', Document.parse(dialect).workspaceId)
  const secret = `ws_live_3f2a_${crypto.randomUUID()}`
  const made = await h.admin('POST', `/apps/${found?.app.id}/credentials`, {
    dialect: 'flameup',
    secret,
    scopes: ['campaigns:trigger'],
  })
  if (!made.ok) throw new Error(await made.text())
  const request = json('POST', at(dialect), body)
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${secret}` } }
}
const path = (rest: string) => `/api/v1${rest}`
const ofWorkspace = (dialect: Dialect, rest: string) =>
  path(`/workspaces/${Document.parse(dialect).workspaceId}${rest}`)
const registration = (dialect: Dialect, token: string, at = path(PEOPLE)) =>
  withKey(dialect, json('POST', at, { token, platform: 'android', device_name: 'Pixel 8' }))
const get = ({ dialect }: Registered, at: string) => withKey(dialect, json('GET', at))
const remove = ({ dialect, device }: Registered, at: string) =>
  withKey(dialect, { method: 'DELETE', path: `${at}/${device}`, headers: {} })

export const flameupTable: DialectTable = {
  adapter: flameup,
  register: (dialect, token) => registration(dialect, token),
  // A device is its token.
  deviceId: async (_, token) => token,
  rows: [
    { situation: 'a new device', bound: 2, call: ({ dialect }) => registration(dialect, 'new') },
    {
      situation: 'an app start that changes nothing',
      bound: 1,
      given: ({ dialect }) => [registration(dialect, 'same')],
      call: ({ dialect }) => registration(dialect, 'same'),
    },
    {
      situation: 'a new device, workspace named',
      bound: 2,
      call: ({ dialect }) => registration(dialect, 'new', ofWorkspace(dialect, PEOPLE)),
    },
    { situation: 'list', bound: 1, call: (at) => get(at, path(PEOPLE)) },
    { situation: 'list, workspace named', bound: 1, call: (at) => get(at, ofWorkspace(at.dialect, PEOPLE)) },
    {
      situation: 'list of the workspace',
      bound: 1,
      call: (at) => get(at, ofWorkspace(at.dialect, '/devices')),
    },
    {
      situation: 'a push to a person, by a key that was not used before',
      bound: 5,
      call: (at) => sending(at, () => path('/push/send'), { person_id: 'jane', title: 'a', body: 'b' }),
    },
    {
      situation: 'a transactional push, by a key that was not used before',
      bound: 5,
      call: (at) =>
        sending(at, (dialect) => ofWorkspace(dialect, '/transactional/send'), {
          user_id: 'jane',
          template: { title: 'a', body: 'b' },
        }),
    },
    { situation: 'remove', bound: 1, call: (at) => remove(at, path(PEOPLE)) },
    {
      situation: 'remove, workspace named',
      bound: 1,
      call: (at) => remove(at, ofWorkspace(at.dialect, PEOPLE)),
    },
  ],
}
