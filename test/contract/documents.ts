import { describe, expect, test } from 'vitest'
import { type StoreKit, unique } from './kit.ts'

export function documentContract(kit: () => StoreKit): void {
  const documents = () => kit().store.documents
  const now = () => kit().clock.now
  const scopeOf = async () => ({ appId: await kit().createApp(), dialect: 'red' })

  describe('a document', () => {
    test('is one of each kind, as it was put last', async () => {
      const scope = await scopeOf()
      const text = `${unique('sealed')} Grüße 👋🏽 "quoted"`
      expect(await documents().find(scope, 'k')).toBeNull()
      expect(await documents().put(scope, 'k', 'before', now())).toBe(true)
      kit().clock.advance(1000)
      expect(await documents().put(scope, 'k', text, now())).toBe(true)
      expect(await documents().put(scope, 'other', 'other', now())).toBe(true)
      expect(await documents().find(scope, 'k')).toEqual({ sealed: text, updatedAt: now() })
      expect(await documents().find(scope, 'other')).toMatchObject({ sealed: 'other' })
    })

    test('belongs to one dialect of one app', async () => {
      const scope = await scopeOf()
      await documents().put(scope, 'k', 'sealed', now())
      for (const other of [{ ...scope, dialect: 'blue' }, await scopeOf()]) {
        expect(await documents().find(other, 'k')).toBeNull()
        expect(await documents().remove(other, 'k')).toBe(false)
      }
      expect(await documents().find(scope, 'k')).not.toBeNull()
    })

    test('is removed once', async () => {
      const scope = await scopeOf()
      await documents().put(scope, 'k', 'sealed', now())
      const gone = await Promise.all(Array.from({ length: 5 }, () => documents().remove(scope, 'k')))
      expect(gone.filter((one) => one)).toHaveLength(1)
      expect(await documents().find(scope, 'k')).toBeNull()
    })

    test('that was put by this version has been offered to push services', async () => {
      const scope = await scopeOf()
      const kind = unique('kind')
      await documents().put(scope, kind, 'sealed', now())
      expect(await documents().unoffered([kind], 10)).toEqual([])
      await documents().noteOffered(scope, kind)
      expect(await documents().find(scope, kind)).toMatchObject({ sealed: 'sealed' })
    })

    test('put by several at once is one of theirs', async () => {
      const scope = await scopeOf()
      const texts = Array.from({ length: 8 }, () => unique('sealed'))
      await Promise.all(texts.map((text) => documents().put(scope, 'k', text, now())))
      expect(texts).toContain((await documents().find(scope, 'k'))?.sealed)
    })
  })
}
