import { describe, expect, test } from 'vitest'
import { type Beams, expectError, numbered, withDevice } from './kit.ts'

interface Page {
  readonly interests: string[]
  readonly responseMetadata: { readonly nextCursor?: string }
}

async function page(beams: Beams, path: string, query: string): Promise<Page> {
  const answer = await beams.call('GET', `${path}/interests${query}`)
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  return answer.json as Page
}

describe('interests are read', () => {
  test.each([
    [0, [0]],
    [1, [1]],
    [99, [99]],
    [100, [100]],
    [101, [100, 1]],
    [250, [100, 100, 50]],
  ])('%i of them in pages of %j', async (count, sizes) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(count))
    const pages: Page[] = []
    let query = ''
    do {
      const next = await page(beams, path, query)
      pages.push(next)
      query = next.responseMetadata.nextCursor
        ? `?limit=100&cursor=${encodeURIComponent(next.responseMetadata.nextCursor)}`
        : ''
    } while (query !== '')
    expect(pages.map(({ interests }) => interests.length)).toEqual(sizes)
    expect(pages.flatMap(({ interests }) => interests)).toEqual(numbered(count))
    expect(pages.at(-1)?.responseMetadata).toEqual({})
  })

  test('without one being skipped or repeated when others come and go between two pages', async () => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(6))
    const first = await page(beams, path, '?limit=3')
    for (const gone of ['i0000', 'i0002', 'i0003']) await beams.call('DELETE', `${path}/interests/${gone}`)
    await beams.call('POST', `${path}/interests/i0001a`)
    const second = await page(beams, path, `?limit=3&cursor=${first.responseMetadata.nextCursor}`)
    expect(first.interests).toEqual(['i0000', 'i0001', 'i0002'])
    expect(second).toEqual({ interests: ['i0004', 'i0005'], responseMetadata: {} })
  })

  test('to the end where all that was left has gone', async () => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(3))
    const { responseMetadata } = await page(beams, path, '?limit=2')
    await beams.setInterests(path, ['a'])
    expect(await page(beams, path, `?cursor=${responseMetadata.nextCursor}`)).toEqual({
      interests: [],
      responseMetadata: {},
    })
  })

  test.each(['1', '2', '99', '100'])('with the limit %s', async (limit) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(101))
    const { interests } = await page(beams, path, `?limit=${limit}`)
    expect(interests).toHaveLength(Number(limit))
  })

  test.each([
    '0',
    '-1',
    '1.5',
    '101',
    '1000',
    '1e2',
    '0x10',
    'ten',
    '',
    '%20',
    '1,2',
    'NaN',
    '٣',
    '9'.repeat(30),
  ])('not with the limit "%s"', async (limit) => {
    const { beams, path } = await withDevice()
    const answer = await beams.call('GET', `${path}/interests?limit=${encodeURI(limit)}`)
    expectError(answer, 400, 'Bad Request', '`limit` given is not valid.')
  })

  test.each([
    'x',
    '',
    'null',
    '1',
    'YWZ0ZXI6',
    btoa('after:no good'),
    btoa('after:news'),
    'YWZ0ZXI6bmV3cw==',
    btoa('[1,"topics","news"]').replaceAll('=', ''),
    btoa('[1,"pusher-beams/interests","no good"]').replaceAll('=', ''),
    btoa('[1,"pusher-beams/interests",7]').replaceAll('=', ''),
    '%F0%9F%98%80',
  ])('not with the cursor "%s"', async (cursor) => {
    const { beams, path } = await withDevice()
    const answer = await beams.call('GET', `${path}/interests?cursor=${cursor}`)
    expectError(answer, 400, 'Bad Request', '`cursor` given is not valid.')
  })

  test('with a query that nobody knows', async () => {
    const { beams, path } = await withDevice()
    expect(await page(beams, path, '?page=2&x')).toEqual({ interests: [], responseMetadata: {} })
  })
})
