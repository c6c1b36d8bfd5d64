import { describe, expect, test } from 'vitest'
import { createWorld, unique, type World } from '../identity/kit.ts'
import type { Page } from './replica.ts'

const read = async ({ h, appId }: World, query: string): Promise<Page> =>
  (await h.admin('GET', `/apps/${appId}/events${query}`)).json()

/**
 * The first page with events: a page may be empty, because it examines a limited number of events of all
 * apps.
 */
async function readOn(world: World, query: string): Promise<Page> {
  for (
    let page = await read(world, `?${query}`);
    ;
    page = await read(world, `?${query}&after=${page.next}`)
  ) {
    if (page.events.length > 0 || !page.more) return page
  }
}
const kinds = ({ events }: Page) => events.map(({ kind }) => kind)
const headers = { Authorization: 'Bearer test-admin-token-0123456789', Accept: 'text/event-stream' }

describe('GET /apps/{app}/events', () => {
  test('goes on behind a page and behind each event, and begins with now where that is asked for', async () => {
    const world = await createWorld()
    await world.register('red', 'one', { token: unique('t') })
    await world.register('red', 'two', { token: unique('t') })
    const first = await readOn(world, 'limit=1')
    expect(first).toMatchObject({
      more: true,
      events: [{ kind: 'registered', device: { externalId: 'one' } }],
    })
    const rest = await read(world, `?after=${first.next}`)
    expect(rest.events.map(({ device }) => device?.externalId)).toEqual(['two'])
    expect((await read(world, `?after=${first.events[0]?.cursor}`)).events).toEqual(rest.events)
    expect((await read(world, `?after=${rest.next}`)).events).toEqual([])

    const latest = await read(world, '?after=latest')
    expect(latest.events).toEqual([])
    await world.h.gateway.devices.unregister(world.ref('red', 'one'))
    expect(await read(world, `?after=${latest.next}`)).toMatchObject({
      events: [{ kind: 'unregistered', deviceId: expect.any(String), device: null, detail: {} }],
    })
  })

  test('waits for what is not there yet, and answers as soon as it is', async () => {
    const world = await createWorld()
    const { next } = await read(world, '?after=latest')
    const waiting = read(world, `?after=${next}&wait=25`)
    await new Promise((resume) => setTimeout(resume, 50))
    await world.register('red', 'one')
    expect(kinds(await waiting)).toEqual(['registered'])
    expect(kinds(await read(world, `?after=latest&wait=1`))).toEqual([])
  })

  test('is a stream for whoever asks for one, that goes on behind what its reader had last', async () => {
    const world = await createWorld()
    await world.register('red', 'one')
    const path = `/admin/v1/apps/${world.appId}/events`
    const response = await world.h.request('GET', path, { headers })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const [first] = await streamed(response, 1)
    expect(first).toMatchObject({ event: 'registered', data: { device: { externalId: 'one' } } })

    await world.register('red', 'two')
    const again = await world.h.request('GET', path, {
      headers: { ...headers, 'Last-Event-ID': first?.id ?? '' },
    })
    const events = streamed(again, 2)
    await world.register('red', 'three')
    expect((await events).map(({ data }) => data.device?.externalId)).toEqual(['two', 'three'])
  })

  test.each([
    ['a place that is none', '?after=yesterday', 400],
    ['a place of another list', '?after=WzEsImFwcHMiLDEsImEiXQ', 400],
    ['too long a wait', '?wait=60', 400],
  ])('refuses %s', async (_, query, status) => {
    const { h, appId } = await createWorld()
    expect((await h.admin('GET', `/apps/${appId}/events${query}`)).status).toBe(status)
  })
})

interface Sent {
  readonly id: string
  readonly event: string
  readonly data: { readonly device: { readonly externalId: string } | null }
}

/** The first events of a stream, which is then cancelled. */
async function streamed({ body }: Response, count: number): Promise<readonly Sent[]> {
  const events: Sent[] = []
  let text = ''
  const reader = body?.getReader()
  while (events.length < count) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    text += new TextDecoder().decode(value)
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const one of whole) {
      const lines = new Map(one.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const data = lines.get('data')
      if (data)
        events.push({ id: lines.get('id') ?? '', event: lines.get('event') ?? '', data: JSON.parse(data) })
    }
  }
  await reader?.cancel()
  return events
}
