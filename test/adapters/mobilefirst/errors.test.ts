import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { type Answer, createTenant, RUNTIME, type Sent, unique, V1 } from './kit.ts'

const JSON_TYPE = 'application/json'
const body = () => JSON.stringify({ deviceId: unique('device'), token: unique('token'), platform: 'A' })

describe('content negotiation', () => {
  test.each([
    JSON_TYPE,
    'application/json; charset = UTF-8',
    'application/json;charset=UTF-8',
    'Application/JSON; charset=utf-8',
    'application/json; anything="; x"',
  ])('takes a body of %s', async (type) => {
    const t = await createTenant()
    const answer = await t.send('POST', '/devices', { body: body(), headers: { 'Content-Type': type } })
    expect(answer.status).toBe(201)
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/vnd.api+json',
    'multipart/form-data; boundary=x',
    'nonsense',
  ])('answers 405, never 415, to a body of %s', async (type) => {
    const t = await createTenant()
    const answer = await t.send('POST', '/devices', { body: body(), headers: { 'Content-Type': type } })
    expect(answer.status).toBe(405)
    expect(await answer.json<Answer>()).toMatchObject({
      message: expect.any(String),
      code: expect.any(String),
    })
    expect(await t.ok('GET', '/devices')).toMatchObject({ devices: [] })
  })

  test.each([
    ['*/*'],
    ['application/*'],
    ['APPLICATION/JSON'],
    ['application/json;q=0.1'],
    ['text/html, application/json'],
    ['text/javascript, text/html, application/xml, text/xml, */*'],
    ['application/json; charset=utf-8'],
    [''],
  ])('accepts Accept: %s', async (accept) => {
    const t = await createTenant()
    expect((await t.send('GET', '/devices', { headers: { Accept: accept } })).status).toBe(200)
  })

  test.each([['text/html'], ['application/xml, text/*'], ['application/json;q=0'], ['*/*;q=0'], ['json']])(
    'answers 406 to Accept: %s and changes nothing',
    async (accept) => {
      const t = await createTenant()
      const headers = { Accept: accept, 'Content-Type': JSON_TYPE }
      const answer = await t.send('POST', '/devices', { body: body(), headers })
      expect(answer.status).toBe(406)
      expect(await answer.json<Answer>()).toMatchObject({ message: expect.any(String) })
      expect(await t.ok('GET', '/devices')).toMatchObject({ devices: [] })
    },
  )

  test('looks at Accept only where the documents list 406, and at Content-Type only where there is a body', async () => {
    const t = await createTenant()
    await t.tags('news')
    const headers = { Accept: 'text/html', 'Content-Type': 'text/plain;charset=UTF-8' }
    expect((await t.send('DELETE', '/tags/news', { headers })).status).toBe(204)
    const { deviceId } = await t.device()
    expect((await t.send('DELETE', `/devices/${deviceId}`, { headers })).status).toBe(406)
    const typed = { 'Content-Type': 'text/plain;charset=UTF-8' }
    expect((await t.send('DELETE', `/devices/${deviceId}`, { headers: typed })).status).toBe(204)
  })

  test('answers the health check without a token, under every mount', async () => {
    const h = await createHarness()
    for (const path of [`${V1}/health/status`, `${RUNTIME}/imfpush/v1/health/status/`]) {
      const answer = await h.request('GET', path)
      expect([answer.status, await answer.json<Answer>()]).toEqual([200, { status: 'UP' }])
      expect((await h.request('GET', path, { headers: { Accept: 'text/html' } })).status).toBe(406)
    }
  })
})

describe('bad input', () => {
  const nested = (levels: number) => `{"deviceId":${'['.repeat(levels)}${']'.repeat(levels)}}`
  test.each<[string, Sent['body'], number, string]>([
    ['no JSON', '{"deviceId":', 400, 'FPWSE0004E'],
    ['a trailing comma', '{"deviceId":"1","token":"2","platform":"A",}', 400, 'FPWSE0004E'],
    ['an empty body', '', 400, 'FPWSE0004E'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 400, 'FPWSE0004E'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 400, 'FPWSE0004E'],
    ['33 levels', nested(33), 400, 'FPWSE0004E'],
    ['a list', '[]', 400, 'FPWSE0013E'],
    ['a string', '"x"', 400, 'FPWSE0013E'],
    ['null', 'null', 400, 'FPWSE0013E'],
    ['a number', '7', 400, 'FPWSE0013E'],
    ['two MiB', `{"token":"${'x'.repeat(2 * 1024 * 1024)}"}`, 413, 'REQUEST_TOO_LARGE'],
  ])('of %s is refused in the vendor’s shape', async (_, sent, status, code) => {
    const t = await createTenant()
    for (const path of ['/devices', '/subscriptions', '/tags', '/webhooks']) {
      const answer = await t.send('POST', path, { body: sent, headers: { 'Content-Type': JSON_TYPE } })
      expect([path, answer.status]).toEqual([path, status])
      expect(await answer.json<Answer>()).toEqual({ message: expect.stringMatching(/./), code, docUrl: '' })
    }
    expect(await t.ok('GET', '/devices')).toMatchObject({ devices: [] })
  })

  test.each([
    ['an unknown path', 'GET', '/nothing', 404],
    ['an unknown path below a device', 'GET', '/devices/x/y', 404],
    ['another method on a known path', 'PATCH', '/devices', 404],
    ['a method that a resource lacks', 'DELETE', '/devices', 404],
    ['a broken escape', 'GET', '/devices/%zz', 400],
    ['a cut escape', 'GET', '/tags/a%2', 400],
    ['an escape that is no UTF-8', 'DELETE', '/devices/%ff', 400],
    ['an address that is too long', 'GET', `/devices/${'x'.repeat(9000)}`, 400],
    ['a message that says nothing', 'POST', '/messages', 400],
    ['a bulk that is no list', 'POST', '/messages/bulk', 400],
    ['an unknown message', 'GET', '/messages/x', 404],
  ])('%s is an error in the vendor’s shape', async (_, method, path, status) => {
    const t = await createTenant()
    const answer = await t.send(method, path, method === 'POST' ? { body: {} } : {})
    expect(answer.status).toBe(status)
    expect(await answer.json<Answer>()).toMatchObject({
      message: expect.stringMatching(/./),
      code: expect.any(String),
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('hides what went wrong inside', async () => {
    let broken = false
    const h = await createHarness({
      db: (real) => ({
        read: (plan) => (broken ? Promise.reject(new Error('secret detail')) : real.read(plan)),
        commit: real.commit,
      }),
    })
    const t = await createTenant({ h })
    broken = true
    const answer = await t.send('GET', '/devices')
    expect(answer.status).toBe(500)
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'FPWSE0010E', message: expect.stringMatching(/./) })
    expect(text).not.toContain('secret')
  })
})

describe('the language of a message', () => {
  const NOT_FOUND = {
    en: 'The requested resource "x" was not found.',
    de: 'Die angeforderte Ressource "x" wurde nicht gefunden.',
    fr: 'La ressource demandée "x" est introuvable.',
    it: 'La risorsa richiesta "x" non è stata trovata.',
    ja: '要求されたリソース "x" が見つかりません。',
    ko: '요청한 리소스 "x"을(를) 찾을 수 없습니다.',
    pt: 'O recurso solicitado "x" não foi encontrado.',
    es: 'No se ha encontrado el recurso solicitado "x".',
    zhCN: '找不到所请求的资源“x”。',
    zhTW: '找不到所要求的資源「x」。',
  }
  const NAMES: Readonly<Record<keyof typeof NOT_FOUND, string>> = {
    en: 'en-US',
    de: 'de',
    fr: 'fr',
    it: 'it',
    ja: 'ja',
    ko: 'ko',
    pt: 'pt-BR',
    es: 'es',
    zhCN: 'zh-CN',
    zhTW: 'zh-TW',
  }
  test.each<[string | undefined, keyof typeof NOT_FOUND]>([
    [undefined, 'en'],
    ['en-US', 'en'],
    ['en-GB', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-ch', 'de'],
    ['fr', 'fr'],
    ['it', 'it'],
    ['ja', 'ja'],
    ['ko-KR', 'ko'],
    ['pt-BR', 'pt'],
    ['pt', 'pt'],
    ['es', 'es'],
    ['zh-CN', 'zhCN'],
    ['zh-TW', 'zhTW'],
    ['zh', 'zhCN'],
    ['zh-Hant-HK', 'zhTW'],
    ['zh-HK', 'zhTW'],
    ['zh-hk', 'zhTW'],
    ['zh-MO', 'zhTW'],
    ['zh-Hant', 'zhTW'],
    ['zh-Hant-MO', 'zhTW'],
    ['zh-SG', 'zhCN'],
    ['zh-Hans-HK', 'zhCN'],
    ['zh-Hans-CN;q=1.0, en-CN;q=0.9', 'zhCN'],
    ['en;q=0.1, zh-HK', 'zhTW'],
    ['sv', 'en'],
    ['*', 'en'],
    ['sv, fr;q=0.5', 'fr'],
    ['fr;q=0.3, de;q=0.7', 'de'],
    ['fr;q=0, it;q=0.1', 'it'],
    [';;;,,q=x', 'en'],
    ['constructor', 'en'],
    ['x'.repeat(5000), 'en'],
  ])('of Accept-Language %s is %s; the code stays (B17c, B17d)', async (accepted, language) => {
    const t = await createTenant()
    const headers = accepted === undefined ? {} : { 'Accept-Language': accepted }
    const answer = await t.send('GET', '/devices/x', { headers })
    expect(await answer.json<Answer>()).toEqual({
      code: 'FPWSE0001E',
      docUrl: '',
      message: NOT_FOUND[language],
    })
    expect(answer.headers.get('content-language')).toBe(NAMES[language])
    expect(answer.headers.get('vary')).toContain('Accept-Language')
  })

  test('is named where a success holds messages, too', async () => {
    const t = await createTenant()
    const { deviceId } = await t.device()
    const answer = await t.send('POST', '/subscriptions', {
      body: { deviceId, tagNames: ['nothing'] },
      headers: { 'Accept-Language': 'zh-MO' },
    })
    expect(answer.status).toBe(207)
    expect(answer.headers.get('content-language')).toBe('zh-TW')
    expect(answer.headers.get('vary')).toContain('Accept-Language')
    expect(await answer.text()).toContain('找不到所要求的資源「nothing」。')
  })

  test.each([
    ['an unknown path', '/nowhere', 'nowhere'],
    ['a list of messages, which there is not', '/messages', 'messages'],
    ['a message', '/messages/Msg12345', 'Msg12345'],
    ['a device', '/devices/d%20%C3%A9', 'd é'],
    ['a tag', '/tags/sport', 'sport'],
    ['a subscription', '/subscriptions/17', '17'],
    ['settings', '/settings/wnsConf', 'wnsConf'],
    ['a webhook', '/webhooks/hook', 'hook'],
  ])('says by name what was not found: %s', async (_, path, name) => {
    const t = await createTenant()
    const answer = await t.send('GET', path)
    expect(answer.status).toBe(404)
    const { message } = await answer.json<Answer>()
    expect(message).toMatch(/^The requested resource ".+" was not found\.$/)
    expect(message).toContain(name)
  })
})

describe('web clients of other origins', () => {
  test('may ask first, without a token', async () => {
    const t = await createTenant()
    const answer = await t.h.request('OPTIONS', `${V1}/apps/${t.app}/devices`, {
      headers: {
        Origin: 'https://app.example',
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    })
    expect([200, 204]).toContain(answer.status)
    const allowed = (answer.headers.get('access-control-allow-headers') ?? '').toLowerCase()
    for (const name of ['authorization', 'content-type', 'clientsecret', 'appsecret', 'x-rewrite-domain']) {
      expect(allowed).toContain(name)
    }
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET,POST,PUT,DELETE')
  })

  test.each([
    ['a success', '/devices', {}],
    ['a 401', '/devices', { token: null }],
    ['a 404', '/devices/none', {}],
    ['an unknown path', '/none', {}],
    ['a 406', '/devices', { headers: { Accept: 'text/html' } }],
  ] as const)('may read %s', async (_, path, sent) => {
    const t = await createTenant()
    const answer = await t.send('GET', path, sent)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')
  })
})
