import { describe, expect, test } from 'vitest'
import type { TagChange, TagValue } from '../../src/domain/tag.ts'
import { keyOf, type StoreKit } from './kit.ts'
import { taggedDevices } from './tagged-devices.ts'

const tag = (
  what: 'set' | 'append' | 'subtract',
  name: string,
  type: string,
  value: TagValue,
): TagChange => ({
  name,
  do: what,
  as: [{ type, value }],
})
const removal = (name: string): TagChange => ({ name, do: 'remove' })

/** The most tags of a device and elements of a list (`TAG_LIMITS`). */
export function tagLimitContract(kit: () => StoreKit): void {
  const { device, change, read, find } = taggedDevices(kit)

  describe('tags', () => {
    const full = async (more: number) => {
      const key = await device()
      const names = Array.from({ length: 5000 + more }, (_, at) => `tag ${at}`)
      const set = (some: readonly string[]) =>
        change(
          key,
          some.map((name) => tag('set', name, 'text', 'x')),
        )
      return { key, names, set }
    }

    test('are 5,000 of a device at most; what is too much changes nothing (A4)', async () => {
      const { key, names, set } = await full(1)
      await set(names.slice(0, 4999))
      await expect(set(names.slice(4999))).rejects.toMatchObject({ code: 'limit' })
      expect((await read(key))?.length).toBe(4999)
      await set(['tag 4999'])
      await expect(set(['tag 5000'])).rejects.toMatchObject({ code: 'limit' })
      // At the limit, tags can still be changed, removed and replaced.
      await set(['tag 0'])
      await change(key, [tag('set', 'other', 'text', 'x'), removal('tag 0')])
      expect((await read(key))?.length).toBe(5000)
    })

    test('cannot pass the limit by two writers at once (A4)', async () => {
      const { key, names, set } = await full(100)
      await set(names.slice(0, 4950))
      const halves = [names.slice(4950, 5000), names.slice(5000, 5050)]
      const outcomes = await Promise.allSettled(halves.map(set))
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await read(key))?.length).toBe(5000)
    })

    test('take 256 KiB of a device at most, and a device that holds more may shrink (A4)', async () => {
      const key = await device()
      const text = 'x'.repeat(100_000)
      await change(
        key,
        ['a', 'b'].map((name) => tag('set', name, 'text', text)),
      )
      await expect(change(key, [tag('set', 'c', 'text', text)])).rejects.toMatchObject({ code: 'limit' })
      await expect(change(key, [tag('append', 'c', 'list', [text])])).rejects.toMatchObject({ code: 'limit' })
      expect(Object.keys((await find(key))?.tags ?? {})).toEqual(['a', 'b'])
      await change(key, [tag('set', 'c', 'text', text), removal('a')])
      expect(Object.keys((await find(key))?.tags ?? {})).toEqual(['b', 'c'])
    })

    test('that are lists have 2,000 elements at most, however they grew (hostile F1)', async () => {
      const key = await device()
      const values = Array.from({ length: 2001 }, (_, at) => `v${at}`)
      await change(key, [tag('append', 'a', 'list', values.slice(0, 2000))])
      await change(key, [tag('append', 'a', 'list', values.slice(0, 2000))])
      await expect(change(key, [tag('append', 'a', 'list', ['one more'])])).rejects.toMatchObject({
        code: 'limit',
      })
      await expect(change(key, [tag('append', 'b', 'list', values)])).rejects.toMatchObject({ code: 'limit' })
      await change(key, [tag('subtract', 'a', 'list', values.slice(0, 1000))])
      await change(key, [tag('append', 'a', 'list', ['one more'])])
      expect((await read(key))?.map(({ value }) => (value as string[]).length)).toEqual([1001])
    })

    test('are refused with the registration that brings too many, which then has stored nothing', async () => {
      const key = keyOf(await kit().createApp())
      const tags = Array.from({ length: 5001 }, (_, at) => tag('set', `tag ${at}`, 'text', 'x'))
      await expect(kit().register(key, { token: 'T', tags })).rejects.toMatchObject({ code: 'limit' })
      expect(await find(key)).toBeNull()
    })
  })
}
