import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, createTenant, type Tenant } from './kit.ts'

interface Page {
  readonly pageInfo: { count: string; totalCount: string; next: string; previous: string }
  readonly devices: { deviceId: string }[]
  readonly subscriptions: { deviceId: string; tagName: string }[]
  readonly tags: { name: string }[]
}

let t: Tenant
let last = ''

/** Five devices in this order, with tags; their names contain no patterns. */
beforeAll(async () => {
  t = await createTenant()
  await t.tags('sports', 'sports news', '100%_real', 'a,b', "it's")
  const devices = [
    ['d1', 'A', 'alice'],
    ['d2', 'G', 'alice'],
    ['d3', 'A', 'bob'],
    ['d4', 'WEB_CHROME', undefined],
    ['d%_5', 'W', 'ALICE'],
  ] as const
  for (const [deviceId, platform, userId] of devices) {
    // An APNs token is compared in lower case, but requested unchanged.
    const token = deviceId === 'd%_5' ? 'ABCD' : `token-of-${deviceId}`
    last = (await t.device({ deviceId, platform, userId, token })).deviceId ?? ''
  }
  const subscribe = (deviceId: string, ...tagNames: string[]) =>
    t.ok('POST', '/subscriptions', { body: { deviceId, tagNames } })
  await subscribe('d1', 'sports', 'a,b')
  await subscribe('d2', 'sports news')
  await subscribe('d3', 'sports', '100%_real')
})

const read = async (path: string) => (await t.ok('GET', path)) as unknown as Page
const query = (members: readonly (readonly [string, string])[]) =>
  new URLSearchParams(members.map(([name, value]) => [name, value])).toString()

describe('the list of devices', () => {
  test('is everything in the order of creation, with counts as strings', async () => {
    const { devices, pageInfo } = await read('/devices')
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(['d1', 'd2', 'd3', 'd4', last])
    expect(pageInfo).toEqual({ count: '5', totalCount: '5', next: '', previous: '' })
  })

  test.each([
    ['filter=platform==A', ['d1', 'd3']],
    ['filter=platform%3D%3DG', ['d2']],
    ['filter=platform==A,G', ['d1', 'd2', 'd3']],
    ['filter=platform==A&filter=platform==A,G', ['d1', 'd3']],
    ['filter=platform==A&filter=platform==G', []],
    ['filter=platform==a', []],
    ['filter=platform==WEB_CHROME', ['d4']],
    ['userId=alice', ['d1', 'd2']],
    ['userId=ali', []],
    ['userId=ALICE', ['d%_5']],
    ['userId=anonymous', ['d4']],
    ['userId=alice&filter=platform==A', ['d1']],
    ['filter=userId==alice', ['d1', 'd2']],
    ['filter=userId==alice,bob', ['d1', 'd2', 'd3']],
    ['filter=userId==anonymous', ['d4']],
    ['filter=userId==anonymous,bob', ['d3', 'd4']],
    ['filter=userId=@ali', ['d1', 'd2']],
    ['filter=userId=@nym', ['d4']],
    ['filter=userId=@nym,LIC', ['d4', 'd%_5']],
    ['userId=alice&filter=userId==bob', []],
    ['deviceId=d2', ['d2']],
    ['deviceId=d', []],
    ['filter=deviceId==d3', ['d3']],
    ['filter=deviceId==d3,d1,nobody', ['d1', 'd3']],
    ['filter=deviceId=@%25_', ['d%_5']],
    ['filter=deviceId=@d&filter=deviceId=@1,2', ['d1', 'd2']],
    ['deviceId=d1&userId=bob', []],
    ['platform=A', ['d1', 'd3']],
    ['platform=A&userId=bob', ['d3']],
    ['platform=', ['d1', 'd2', 'd3', 'd4', 'd%_5']],
    ['token=token-of-d1', ['d1']],
    ['token=TOKEN-of-d1', []],
    ['filter=token==token-of-d1', ['d1']],
    ['filter=token==token-of-d4,ABCD,nothing', ['d4', 'd%_5']],
    ['filter=token==abcd', []],
    ['filter=token=@n-of-d', ['d1', 'd2', 'd3', 'd4']],
    ['filter=token=@d3,CD&platform=W', ['d%_5']],
    ['filter=token==token-of-d1&filter=userId==alice&filter=platform==A', ['d1']],
    ['expand=true', ['d1', 'd2', 'd3', 'd4', 'd%_5']],
    ['expend=true&unknown=1', ['d1', 'd2', 'd3', 'd4', 'd%_5']],
    ['offset=3', ['d4', 'd%_5']],
    ['size=2', ['d1', 'd2']],
    ['offset=1&size=2', ['d2', 'd3']],
    ['offset=9&size=2', []],
    ['size=1000000', ['d1', 'd2', 'd3', 'd4', 'd%_5']],
  ])('is restricted by %s', async (members, expected) => {
    const { devices, pageInfo } = await read(`/devices?${members}`)
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(expected)
    expect(pageInfo.count).toBe(String(expected.length))
  })

  test('is walked by its links, which keep every criterion', async () => {
    const seen: string[] = []
    let path = '/devices?filter=platform==A,G&expand=true&size=2'
    for (let pages = 0; path !== '' && pages < 5; pages++) {
      const { devices, pageInfo } = await read(path)
      expect(pageInfo.totalCount).toBe('3')
      seen.push(...devices.map(({ deviceId }) => deviceId))
      path = pageInfo.next.replace(`http://gateway.test/imfpush/v1/apps/${t.app}`, '')
    }
    expect(seen).toEqual(['d1', 'd2', 'd3'])
    const { previous } = (await read('/devices?size=2&offset=3')).pageInfo
    expect(previous).toBe(`http://gateway.test/imfpush/v1/apps/${t.app}/devices?size=2&offset=1`)
  })

  test.each([
    ['offset=-1', 'FPWSE1079E'],
    ['offset=x', 'FPWSE1079E'],
    ['offset=1.5', 'FPWSE1079E'],
    ['offset=', 'FPWSE1079E'],
    ['size=0', 'FPWSE1080E'],
    ['size=-2', 'FPWSE1080E'],
    ['size=ten', 'FPWSE1080E'],
    ['size=99999999999999999999', 'FPWSE1080E'],
    ['filter=platform', 'FPWSE0005E'],
    ['filter=', 'FPWSE0005E'],
    ['filter=platform!=A', 'FPWSE0005E'],
    ['filter=platform=@A', 'FPWSE0005E'],
    ['filter=tagName==x', 'FPWSE0005E'],
    ['filter=phoneNumber==x', 'FPWSE0005E'],
    ['filter=constructor==x', 'FPWSE0005E'],
    ['filter=platform==A&filter=nonsense', 'FPWSE0005E'],
    [`filter=platform==${'A,'.repeat(100)}A`, 'FPWSE0005E'],
    [`filter=platform==${'A,'.repeat(60)}A&filter=userId==${'a,'.repeat(60)}a`, 'FPWSE0005E'],
    [`filter=deviceId=@${'x,'.repeat(20)}x`, 'FPWSE0005E'],
    [Array(11).fill('filter=userId=@a,b').join('&'), 'FPWSE0005E'],
    [Array(21).fill('filter=platform==A').join('&'), 'FPWSE0005E'],
  ])('refuses %s', async (members, code) => {
    const answer = await t.send('GET', `/devices?${members}`)
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([400, code])
  })
})

const ALICE_AND_NOBODY = [
  'd1 Push.ALL',
  'd1 a,b',
  'd1 sports',
  'd2 Push.ALL',
  'd2 sports news',
  'd4 Push.ALL',
]

describe('the list of subscriptions', () => {
  test.each([
    [[['tagName', 'sports']], ['d1 sports', 'd3 sports']],
    [[['filter', 'tagName==sports']], ['d1 sports', 'd3 sports']],
    [[['filter', 'tagName=@sports']], ['d1 sports', 'd2 sports news', 'd3 sports']],
    [[['filter', 'tagName=@news,real']], ['d2 sports news', 'd3 100%_real']],
    [[['filter', 'tagName=@%_']], ['d3 100%_real']],
    [[['filter', 'tagName==a\\,b']], ['d1 a,b']],
    [[['filter', 'tagName==a,b']], []],
    [
      [
        ['filter', 'tagName=@sports'],
        ['filter', 'tagName=@news'],
      ],
      ['d2 sports news'],
    ],
    [
      [
        ['filter', 'deviceId==d1,d3'],
        ['tagName', 'sports'],
      ],
      ['d1 sports', 'd3 sports'],
    ],
    [[['filter', 'deviceId=@%_5']], ['d%_5 Push.ALL']],
    [[['deviceId', 'd2']], ['d2 Push.ALL', 'd2 sports news']],
    [
      [
        ['deviceId', 'd2'],
        ['tagName', 'sports'],
      ],
      [],
    ],
    [
      [
        ['userId', 'bob'],
        ['filter', 'tagName=@sp'],
      ],
      ['d3 sports'],
    ],
    [[['userId', 'anonymous']], ['d4 Push.ALL']],
    [[['filter', 'userId==anonymous']], ['d4 Push.ALL']],
    [[['filter', 'userId==bob']], ['d3 100%_real', 'd3 Push.ALL', 'd3 sports']],
    [[['filter', 'userId=@ali,nym']], ALICE_AND_NOBODY],
    [
      [
        ['filter', 'userId==alice,ALICE'],
        ['filter', 'tagName==Push.ALL'],
      ],
      ['d%_5 Push.ALL', 'd1 Push.ALL', 'd2 Push.ALL'],
    ],
    [
      [
        ['filter', 'userId==bob'],
        ['filter', 'deviceId==d1'],
      ],
      [],
    ],
    [[['deviceId', 'nobody']], []],
    [
      [
        ['tagName', 'Push.ALL'],
        ['offset', '1'],
        ['size', '2'],
      ],
      ['d2 Push.ALL', 'd3 Push.ALL'],
    ],
  ] as const)('is restricted by %j', async (members, expected) => {
    const { subscriptions, pageInfo } = await read(`/subscriptions?${query(members)}`)
    const shown = subscriptions.map(({ deviceId, tagName }) => `${deviceId} ${tagName}`)
    expect([...shown].sort()).toEqual([...expected].sort())
    expect(pageInfo.count).toBe(String(expected.length))
  })

  test('holds the distinct devices of the page beside the subscriptions, for the seed’s readers', async () => {
    const { devices, subscriptions, pageInfo } = await read('/subscriptions?filter=deviceId==d1,d2')
    expect(subscriptions).toHaveLength(5)
    expect(devices).toMatchObject([
      { deviceId: 'd1', platform: 'A', userId: 'alice', token: expect.any(String) },
      { deviceId: 'd2' },
    ])
    expect(pageInfo.totalCount).toBe('5')
  })

  test.each(['filter=userName==x', 'filter=tagName', 'filter=platform==A', 'size=0', 'offset=a'])(
    'refuses %s',
    async (members) => {
      expect((await t.send('GET', `/subscriptions?${members}`)).status).toBe(400)
    },
  )
})

describe('the list of tags', () => {
  test.each([
    ['', ['sports', 'sports news', '100%_real', 'a,b', "it's"]],
    ['filter=name==sports', ['sports']],
    ['filter=name=@sports', ['sports', 'sports news']],
    ["filter=name=@it's", ["it's"]],
    ['filter=description=@about a', ['a,b']],
    ['filter=description==about sports', ['sports']],
    ['size=2&offset=1', ['sports news', '100%_real']],
    ['subscriptionCount=true&expand=true&size=1', ['sports']],
  ])('is restricted by "%s"', async (members, expected) => {
    const { tags } = await read(`/tags?${encodeURI(members)}`)
    expect(tags.map(({ name }) => name)).toEqual(expected)
  })

  test.each(['createdMode==API', 'tagName==x', 'userId==x', 'platform', 'platform=@A'])(
    'refuses a filter that does not exist: %s',
    async (filter) => {
      expect((await t.send('GET', `/tags?filter=${filter}`)).status).toBe(400)
    },
  )

  test('counts each tag’s subscriptions where that is asked for, as strings (seed audit M5)', async () => {
    const counted = { sports: '2', 'sports news': '1', '100%_real': '1', 'a,b': '1', "it's": '0' }
    for (const wanted of ['true', '10', 'TRUE']) {
      for (const paging of ['', '&offset=0&size=10']) {
        const { tags } = await t.ok('GET', `/tags?subscriptionCount=${wanted}${paging}`)
        const found = (tags as { name: string; subscriptionCount: string }[]).map((tag) => [
          tag.name,
          tag.subscriptionCount,
        ])
        expect(Object.fromEntries(found)).toEqual(counted)
      }
    }
    for (const wanted of ['', '?subscriptionCount=', '?subscriptionCount=false', '?subscriptionCount=0']) {
      const { tags } = await read(`/tags${wanted}`)
      expect(tags.some((tag) => 'subscriptionCount' in tag)).toBe(false)
    }
  })

  test('answers IBM’s own example: a tag is for every platform (seed audit M5)', async () => {
    const path = '/tags?expand=true&filter=platform==A&offset=0&size=10&subscriptionCount=10'
    const { tags, pageInfo } = await read(path)
    expect(tags).toHaveLength(5)
    expect(pageInfo).toEqual({ count: '5', totalCount: '5', next: '', previous: '' })
    expect((await read('/tags?filter=platform==M')).tags).toEqual([])
  })
})
