import { describe, expect, test } from 'vitest'
import { provisionedFault } from '../../src/wire/provisioned.ts'
import { createHarness } from '../harness/harness.ts'

/** Every text that an operator may set, by its path in the app document. */
const PLACES: readonly (readonly [dialect: string, path: string, document: (text: string) => object])[] = [
  ['pusher-beams', 'instanceId', (instanceId) => ({ instanceId })],
  ['pusher-beams', 'secretKey', (secretKey) => ({ secretKey })],
  ['mobilefirst', 'applicationId', (applicationId) => ({ applicationId })],
  ['mobilefirst', 'clients.0.clientId', (clientId) => ({ clients: [{ clientId }] })],
  ['mobilefirst', 'clients.0.clientSecret', (clientSecret) => ({ clients: [{ clientSecret }] })],
  ['flameup', 'workspaceId', (workspaceId) => ({ workspaceId })],
  ['flameup', 'apiKeys.0.key', (key) => ({ apiKeys: [{ key }] })],
  ['pushwoosh', 'applicationCode', (applicationCode) => ({ applicationCode })],
  ['pushwoosh', 'apiToken', (apiToken) => ({ apiToken })],
  ['backendless', 'applicationId', (applicationId) => ({ applicationId })],
  ['backendless', 'apiKeys.rest', (rest) => ({ apiKeys: { rest } })],
]
const KEY = '0123456789ABCDEF0123456789ABCDEF'

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  // field-reports B20a, B20b, B20e
  ['a line end', `${KEY}\n`],
  ['a Windows line end', `${KEY}\r\n`],
  ['a blank behind', `${KEY} `],
  ['a blank before', ` ${KEY}`],
  ['a tab', `\t${KEY}`],
  ['a no-break space', `${KEY}\u00a0`],
  ['a byte order mark', `\ufeff${KEY}`],
  ['a control character inside', `${KEY}\u0007${KEY}`],
  ['a line end inside', `${KEY}\n${KEY}`],
  ['a zero-width space', `${KEY}\u200b`],
  ['nothing', ''],
  ['blanks', '   '],
  // newcomer F4
  ['a placeholder: <hex>', '<hex>'],
  ['a placeholder: <API token>', '<API token>'],
  ['a placeholder: XXXXX-XXXXX', 'XXXXX-XXXXX'],
  ['a placeholder: XXXXX', 'XXXXX'],
  ['a placeholder: xxxx-xxxx', 'xxxx-xxxx'],
  ['a placeholder: ws_live_…', 'ws_live_…'],
  ['a placeholder: ws_live_...', 'ws_live_...'],
  ['a placeholder: …', '…'],
  ['a placeholder: your-api-key-here', 'your-api-key-here'],
  ['a placeholder: YOUR_SECRET', 'YOUR_SECRET'],
  ['a placeholder: yourApiKey', 'yourApiKey'],
  ['a placeholder: insert-your-key', 'insert-your-key'],
  ['a placeholder: [API key]', '[API key]'],
  ['a placeholder: $API_KEY', '$API_KEY'],
  ['a placeholder: {{key}}', '{{key}}'],
  ['a placeholder: change-me', 'change-me'],
]

describe('field-reports B20a, B20b, B20e; newcomer F4: what an operator brings along', () => {
  test.each(PLACES)(
    'is refused by its path where it can never match: %s %s',
    async (dialect, path, document) => {
      const h = await createHarness()
      const { id } = await h.createApp({ [dialect]: {} })
      for (const [what, text] of TEXTS) {
        for (const [method, to] of [
          ['POST', '/apps'],
          ['PATCH', `/apps/${id}`],
        ] as const) {
          const response = await h.admin(method, to, { name: 'a', dialects: { [dialect]: document(text) } })
          expect([what, response.status]).toEqual([what, 400])
          const { errors } = await response.json<{ errors: { path: string }[] }>()
          expect([what, errors.map((one) => one.path)]).toEqual([
            what,
            expect.arrayContaining([`dialects.${dialect}.${path}`]),
          ])
        }
      }
    },
  )

  test('a broken character is refused with the whole body: it can be stored nowhere', async () => {
    const h = await createHarness()
    for (const broken of ['\ud800', '\u0000']) {
      const document = { name: 'a', dialects: { pushwoosh: { apiToken: KEY + broken } } }
      expect((await h.admin('POST', '/apps', document)).status).toBe(400)
      expect(provisionedFault(KEY + broken)).not.toBeNull()
    }
  })

  test.each([
    ['pusher-beams', {}],
    ['mobilefirst', { kind: 'appSecret' }],
    ['flameup', {}],
    ['pushwoosh', {}],
    ['backendless', { kind: 'rest' }],
  ])('also as one further secret: %s', async (dialect, more) => {
    const h = await createHarness()
    const { id } = await h.createApp({ [dialect]: {} })
    for (const [what, secret] of TEXTS) {
      const response = await h.admin('POST', `/apps/${id}/credentials`, { dialect, ...more, secret })
      expect([what, response.status]).toEqual([what, 400])
    }
    const good = await h.admin('POST', `/apps/${id}/credentials`, { dialect, ...more, secret: KEY + id })
    expect(good.status).toBe(201)
  })

  test.each([
    'ABCDEF0123',
    'brought-along',
    'A1b2C-3d4E5',
    'com.example.shop',
    'com.yourcompany.shop',
    'ws_live_1a2b3c4d_5e6f7a8b9c0d1e2f.0123456789abcdef',
    'p<ss>w0rd!',
    'abc$def%ghi{jkl}',
    'xxhash',
    'fox-and-xylophone',
    'a b c',
    'clé-été-ключ-鍵',
    '-',
  ])('is taken where it may well be real: %s', (text) => {
    if (text === '-') expect(provisionedFault(text)).not.toBeNull()
    else expect(provisionedFault(text)).toBeNull()
  })
})
