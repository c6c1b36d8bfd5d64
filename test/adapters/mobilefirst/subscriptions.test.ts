import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, type Tenant, unique } from './kit.ts'

async function subscribed(t: Tenant, deviceId: unknown): Promise<string[]> {
  const { subscriptions } = await t.ok('GET', `/subscriptions?deviceId=${deviceId}`)
  return (subscriptions as { tagName: string }[]).map(({ tagName }) => tagName).sort()
}

describe('one subscription', () => {
  test('answers 201 with all members as strings, and is found by its id', async () => {
    const t = await createTenant()
    await t.tags('testTag')
    const device = await t.device({ userId: 'alice' })
    const { deviceId } = device
    const answer = await t.send('POST', '/subscriptions', { body: { deviceId, tagName: 'testTag' } })
    expect(answer.status).toBe(201)
    const made = await answer.json<Answer>()
    expect(made).toEqual({
      deviceId,
      tagName: 'testTag',
      subscriptionId: expect.any(String),
      userId: 'alice',
      href: `http://gateway.test/imfpush/v1/apps/${t.app}/subscriptions/${made.subscriptionId}`,
    })
    const { userAgent: _, ...shown } = device
    expect(await t.ok('GET', `/subscriptions/${made.subscriptionId}`)).toEqual({
      ...made,
      devices: [shown],
      pageInfo: { count: '1', totalCount: '1', next: '', previous: '' },
    })
  })

  test('answers 200 the second time and stays one subscription with one id', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device()
    const body = { deviceId, tagName: 'news' }
    const first = await t.ok('POST', '/subscriptions', { body })
    const second = await t.send('POST', '/subscriptions', { body })
    expect(second.status).toBe(200)
    expect(await second.json<Answer>()).toEqual(first)
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL', 'news'])
  })

  test('is one when asked for many times at once', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device()
    const body = { deviceId, tagName: 'news' }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => t.send('POST', '/subscriptions', { body })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201])
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL', 'news'])
  })

  test.each([
    ['an unknown tag', { tagName: 'none' }, 404, 'FPWSE0001E', 'none'],
    ['an unknown device', { deviceId: 'nobody' }, 404, 'FPWSE0001E', 'nobody'],
    ['no device', { deviceId: undefined }, 400, 'FPWSE0005E', 'deviceId'],
    ['no tag', { tagName: undefined }, 400, 'FPWSE0005E', 'tagName'],
    ['a tag of a wrong type', { tagName: ['news'] }, 400, 'FPWSE0005E', 'tagName'],
    ['a userId of 255 characters', { userId: 'u'.repeat(255) }, 400, 'FPWSE0005E', 'userId'],
    ['names in another case', { tagName: 'NEWS' }, 404, 'FPWSE0001E', 'NEWS'],
  ])('refuses %s', async (_, more, status, code, named) => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device()
    const answer = await t.send('POST', '/subscriptions', { body: { deviceId, tagName: 'news', ...more } })
    expect(answer.status).toBe(status)
    const body = await answer.json<Answer>()
    expect(body.code).toBe(code)
    expect(body.message).toContain(named)
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
  })

  test('shows the device’s user, whatever the request says of it', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device({ userId: 'alice' })
    const body = { deviceId, tagName: 'news', userId: 'mallory' }
    expect(await t.ok('POST', '/subscriptions', { body })).toMatchObject({ userId: 'alice' })
    await t.ok('PUT', `/devices/${deviceId}`, { body: { userId: 'bob' } })
    const { subscriptions } = await t.ok('GET', '/subscriptions?tagName=news')
    expect(subscriptions).toMatchObject([{ userId: 'bob' }])
  })

  test('is deleted by its id once, with 204, and nothing else goes', async () => {
    const t = await createTenant()
    await t.tags('news')
    const { deviceId } = await t.device()
    const { subscriptionId } = await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    const gone = await t.send('DELETE', `/subscriptions/${subscriptionId}`)
    expect([gone.status, await gone.text()]).toEqual([204, ''])
    for (const method of ['GET', 'DELETE']) {
      const again = await t.send(method, `/subscriptions/${subscriptionId}`)
      expect([again.status, (await again.json<Answer>()).code]).toEqual([404, 'FPWSE0012E'])
    }
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
    expect((await t.send('GET', '/tags/news')).status).toBe(200)
  })

  test('of another application is neither shown nor deleted', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    await other.device()
    const { subscriptions } = (await other.ok('GET', '/subscriptions')) as {
      subscriptions: { subscriptionId: string }[]
    }
    const id = subscriptions[0]?.subscriptionId
    expect((await t.send('GET', `/subscriptions/${id}`)).status).toBe(404)
    expect((await t.send('DELETE', `/subscriptions/${id}`)).status).toBe(404)
    expect((await other.send('GET', `/subscriptions/${id}`)).status).toBe(200)
  })
})

describe('unsubscribing by device and tag', () => {
  test('answers 204, and 404 FPWSE0012E the second time', async () => {
    const t = await createTenant()
    await t.tags('a b')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'a b' } })
    const path = `/subscriptions?deviceId=${deviceId}&tagName=a%20b`
    expect((await t.send('DELETE', path)).status).toBe(204)
    const again = await t.send('DELETE', path)
    expect([again.status, (await again.json<Answer>()).code]).toEqual([404, 'FPWSE0012E'])
  })

  test.each([
    ['without a device', '?tagName=news', 400, 'FPWSE0008E'],
    ['without a tag', '?deviceId=d', 400, 'FPWSE0008E'],
    ['without either', '', 400, 'FPWSE0008E'],
    ['of an unknown device', '?deviceId=d&tagName=news', 404, 'FPWSE0001E'],
  ])('%s is refused', async (_, query, status, code) => {
    const t = await createTenant()
    const answer = await t.send('DELETE', `/subscriptions${query}`)
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([status, code])
  })

  test('lets a device leave the automatic tag and join it again; a PUT does not bring it back', async () => {
    const t = await createTenant()
    const { deviceId } = await t.device()
    expect((await t.send('DELETE', `/subscriptions?deviceId=${deviceId}&tagName=Push.ALL`)).status).toBe(204)
    await t.ok('PUT', `/devices/${deviceId}`, { body: { token: unique('token') } })
    expect(await subscribed(t, deviceId)).toEqual([])
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'Push.ALL' } })
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
  })
})

describe('many subscriptions at once', () => {
  test('answers 201 where every tag was subscribed to, duplicates counted once', async () => {
    const t = await createTenant()
    await t.tags('a', 'b')
    const { deviceId } = await t.device()
    const answer = await t.send('POST', '/subscriptions', { body: { deviceId, tagNames: ['b', 'a', 'b'] } })
    expect(answer.status).toBe(201)
    const body = await answer.json<Answer>()
    expect(Object.keys(body)).toEqual(['subscribed'])
    expect(body.subscribed).toMatchObject([
      { deviceId, tagName: 'b', subscriptionId: expect.any(String) },
      { deviceId, tagName: 'a' },
    ])
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL', 'a', 'b'])
  })

  test('answers 207 with objects whose tags are one string where something was wrong', async () => {
    const t = await createTenant()
    await t.tags('a', 'b', 'c')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagNames: ['a', 'b'] } })
    const body = { deviceId, tagNames: ['a', 'x', 'b', 'c', 'y'] }
    const answer = await t.send('POST', '/subscriptions', { body })
    expect(answer.status).toBe(207)
    expect(await answer.json<Answer>()).toMatchObject({
      subscribed: [{ tagName: 'c' }],
      subscriptionExists: { tags: '[a, b]', code: 'FPWSE0011E', message: expect.any(String) },
      tagsNotFound: { tags: '[x, y]', code: 'FPWSE0001E', message: expect.any(String) },
    })
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL', 'a', 'b', 'c'])
  })

  test('answers 200 where every tag was left, 207 otherwise, and never subscribes', async () => {
    const t = await createTenant()
    await t.tags('a', 'b', 'c')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagNames: ['a', 'b'] } })
    const remove = (tagNames: string[]) =>
      t.send('POST', '/subscriptions?action=delete', { body: { deviceId, tagNames } })
    const whole = await remove(['a'])
    expect(whole.status).toBe(200)
    expect(await whole.json<Answer>()).toMatchObject({ unsubscribed: [{ deviceId, tagName: 'a' }] })
    const partly = await remove(['b', 'c', 'x'])
    expect(partly.status).toBe(207)
    expect(await partly.json<Answer>()).toMatchObject({
      unsubscribed: [{ tagName: 'b' }],
      subscriptionNotExists: { tags: '[c]', code: 'FPWSE0012E' },
      tagsNotFound: { tags: '[x]', code: 'FPWSE0001E' },
    })
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
  })

  test.each([
    ['an empty list', { tagNames: [] }, 400, 'tagNames'],
    ['no list', { tagNames: 'a' }, 400, 'tagNames'],
    ['a list with a number', { tagNames: ['a', 1] }, 400, 'tagNames'],
    ['a list with an empty name', { tagNames: ['a', ''] }, 400, 'tagNames'],
    ['1,001 names', { tagNames: Array.from({ length: 1001 }, (_, n) => `${n}`) }, 400, 'tagNames'],
    ['an unknown device', { deviceId: 'nobody', tagNames: ['a'] }, 404, 'nobody'],
  ])('refuses %s, when subscribing and when not', async (_, more, status, named) => {
    const t = await createTenant()
    await t.tags('a')
    const { deviceId } = await t.device()
    for (const query of ['', '?action=delete']) {
      const answer = await t.send('POST', `/subscriptions${query}`, { body: { deviceId, ...more } })
      expect(answer.status).toBe(status)
      expect((await answer.json<Answer>()).message).toContain(named)
    }
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
  })

  test('refuses an action it does not know', async () => {
    const t = await createTenant()
    await t.tags('a')
    const { deviceId } = await t.device()
    const body = { deviceId, tagNames: ['a'] }
    expect((await t.send('POST', '/subscriptions?action=remove', { body })).status).toBe(400)
    expect(await subscribed(t, deviceId)).toEqual(['Push.ALL'])
  })
})
