import { describe, expect, test } from 'vitest'
import { type Answer, createTenant } from './kit.ts'

describe('a tag', () => {
  test('is created with 201, all strings, and read back', async () => {
    const t = await createTenant()
    const body = { name: 'SampleTag', description: 'Description about SampleTag' }
    const answer = await t.send('POST', '/tags', { body })
    expect(answer.status).toBe(201)
    const tag = await answer.json<Answer>()
    expect(tag).toEqual({
      ...body,
      createdMode: 'API',
      createdTime: '2026-11-25T12:00:00Z',
      lastUpdatedTime: '2026-11-25T12:00:00Z',
      href: `http://gateway.test/imfpush/v1/apps/${t.app}/tags/SampleTag`,
    })
    expect(await t.ok('GET', '/tags/SampleTag')).toEqual(tag)
  })

  test.each([
    ['blanks and slashes', 'a b/c'],
    ['characters outside ASCII', 'Fußball→💡'],
    ['percent and plus', '100%+more'],
    ['quotes', `it's "this"`],
  ])('may be named with %s', async (_, name) => {
    const t = await createTenant()
    await t.ok('POST', '/tags', { body: { name } })
    const path = `/tags/${encodeURIComponent(name)}`
    expect(await t.ok('GET', path)).toMatchObject({ name, description: '' })
    expect((await t.send('DELETE', path)).status).toBe(204)
  })

  test('differs by case', async () => {
    const t = await createTenant()
    await t.tags('news', 'News')
    expect(await t.ok('GET', '/tags')).toMatchObject({ tags: [{ name: 'news' }, { name: 'News' }] })
  })

  test('of a taken name is 409 FPWSE0002E and leaves the first one untouched', async () => {
    const t = await createTenant()
    await t.ok('POST', '/tags', { body: { name: 'news', description: 'first' } })
    const again = await t.send('POST', '/tags', { body: { name: 'news', description: 'second' } })
    expect([again.status, (await again.json<Answer>()).code]).toEqual([409, 'FPWSE0002E'])
    expect(await t.ok('GET', '/tags/news')).toMatchObject({ description: 'first' })
  })

  test('is made once of equal calls at once', async () => {
    const t = await createTenant()
    const create = () => t.send('POST', '/tags', { body: { name: 'news' } })
    const statuses = (await Promise.all(Array.from({ length: 6 }, create))).map(({ status }) => status)
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409])
    expect(await t.ok('GET', '/tags')).toMatchObject({ pageInfo: { totalCount: '1' } })
  })

  test.each([
    ['no name', { name: undefined }, 'name'],
    ['an empty name', { name: '' }, 'name'],
    ['a name that is a number', { name: 1 }, 'name'],
    ['a description that is a list', { description: ['x'] }, 'description'],
  ])('is refused with %s', async (_, more, named) => {
    const t = await createTenant()
    const answer = await t.send('POST', '/tags', { body: { name: 'news', ...more } })
    expect(answer.status).toBe(400)
    const { code, message } = await answer.json<Answer>()
    expect(code).toBe('FPWSE0005E')
    expect(message).toContain(`"${named}"`)
    expect(await t.ok('GET', '/tags')).toMatchObject({ tags: [] })
  })

  test('changes its description only, never its name', async () => {
    const t = await createTenant()
    await t.tags('news')
    t.h.clock.advance(60_000)
    const changed = await t.ok('PUT', '/tags/news', { body: { name: 'other', description: 'new' } })
    expect(changed).toMatchObject({
      name: 'news',
      description: 'new',
      createdTime: '2026-11-25T12:00:00Z',
      lastUpdatedTime: '2026-11-25T12:01:00Z',
    })
    expect((await t.send('GET', '/tags/other')).status).toBe(404)
    const answer = await t.send('PUT', '/tags/news', { body: { description: 5 } })
    expect(answer.status).toBe(400)
  })

  test('takes its subscriptions along and no device', async () => {
    const t = await createTenant()
    await t.tags('news', 'sport')
    const { deviceId } = await t.device()
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagNames: ['news', 'sport'] } })
    expect((await t.send('DELETE', '/tags/news')).status).toBe(204)
    const { subscriptions } = await t.ok('GET', '/subscriptions?filter=tagName==news,sport')
    expect(subscriptions).toMatchObject([{ tagName: 'sport' }])
    expect((await t.send('GET', `/devices/${deviceId}`)).status).toBe(200)
  })

  test('keeps the same name in another application and dialect untouched when it goes', async () => {
    const t = await createTenant({ dialects: { 'pusher-beams': {} } })
    const other = await createTenant({ h: t.h })
    for (const one of [t, other]) {
      await one.tags('news')
      const { deviceId } = await one.device()
      await one.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    }
    const shown = await (await t.h.admin('GET', `/apps/${t.id}`)).json<Answer>()
    const instance = shown.dialects['pusher-beams']?.instanceId
    const made = await t.h.request('POST', `/device_api/v1/instances/${instance}/devices/fcm`, {
      body: { token: `beams-${t.app}` },
    })
    const { id } = await made.json<Answer>()
    const interests = `/device_api/v1/instances/${instance}/devices/fcm/${id}/interests`
    await t.h.request('PUT', interests, { body: { interests: ['news'] } })
    expect((await t.send('DELETE', '/tags/news')).status).toBe(204)
    expect(await (await t.h.request('GET', interests)).json<Answer>()).toMatchObject({ interests: ['news'] })
    expect(await other.ok('GET', '/subscriptions?tagName=news')).toMatchObject({ pageInfo: { count: '1' } })
  })

  test.each([
    ['GET', '/tags/none', undefined],
    ['PUT', '/tags/none', { description: 'x' }],
    ['DELETE', '/tags/none', undefined],
  ])('that is unknown is 404 FPWSE0001E: %s', async (method, path, body) => {
    const t = await createTenant()
    const answer = await t.send(method, path, { body })
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([404, 'FPWSE0001E'])
  })

  test('named Push.ALL can be neither created nor deleted', async () => {
    const t = await createTenant()
    const { deviceId } = await t.device()
    const created = await t.send('POST', '/tags', { body: { name: 'Push.ALL' } })
    expect([created.status, (await created.json<Answer>()).code]).toEqual([409, 'FPWSE0002E'])
    expect((await t.send('DELETE', '/tags/Push.ALL')).status).toBe(400)
    expect(await t.ok('GET', `/subscriptions?deviceId=${deviceId}`)).toMatchObject({
      pageInfo: { count: '1' },
    })
  })
})
