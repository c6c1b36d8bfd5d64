import type { DialectApp } from '../../src/domain/app.ts'
import type { CatalogueTopic } from '../../src/domain/catalogue.ts'
import type { TextPlace } from '../../src/domain/page.ts'
import { repaired } from '../../src/domain/text.ts'
import type { CatalogueCriteria, List } from '../../src/gateway/listings.ts'
import type { Json } from '../../src/wire/json.ts'
import { tagCriteria } from './criteria.ts'
import { EVERYBODY } from './devices.ts'
import { fault } from './errors.ts'
import { answerList } from './lists.ts'
import { type Call, link, type Operations, orDevicesWrite } from './operations.ts'
import { requiredText, timeText } from './values.ts'

const MOST_DESCRIPTION = 4000

/** All members are strings (section 5.2). */
function presentTag(c: Call['c'], app: Call['app'], tag: CatalogueTopic) {
  return {
    name: tag.name,
    description: tag.description,
    createdMode: 'API',
    createdTime: timeText(tag.createdAt),
    lastUpdatedTime: timeText(tag.updatedAt),
    href: link(c, app, 'tags', tag.name),
  }
}

/** Push Tag and Push Tags (section 5.2). */
export function tagOperations(on: Operations): void {
  on.app(
    { method: 'POST', path: '/apps/:app/tags', scopes: ['tags.write'], negotiated: true, body: 'json' },
    async ({ c, app, body }) => {
      const name = requiredText(body, 'name')
      const description = descriptionOf(body) ?? ''
      const tag =
        name === EVERYBODY ? null : await c.get('gateway').catalogue.create({ app, name, description })
      if (!tag) throw fault('exists', name)
      return c.json(presentTag(c, app, tag), 201)
    },
  )
  on.app(
    {
      method: 'GET',
      path: '/apps/:app/tags',
      scopes: ['tags.read'],
      mobile: 'own',
      negotiated: true,
    },
    ({ c, app, caller }) =>
      answerList(c, {
        app,
        list: counts(c, caller) ? countedTags(c) : c.get('gateway').listings.catalogue,
        criteria: tagCriteria(c),
        columns: {
          tags: (tag: ListedTag) => ({
            ...presentTag(c, app, tag),
            ...(tag.subscriptions !== undefined && { subscriptionCount: String(tag.subscriptions) }),
          }),
        },
      }),
  )
  on.app(
    {
      method: 'GET',
      path: '/apps/:app/tags/:tag',
      scopes: orDevicesWrite('tags.read'),
      negotiated: true,
    },
    async ({ c, app }) => {
      const name = c.req.param('tag') ?? ''
      const tag = await c.get('gateway').catalogue.find(app, name)
      if (!tag) throw fault('notFound', name)
      return c.json(presentTag(c, app, tag))
    },
  )
  on.app(
    { method: 'PUT', path: '/apps/:app/tags/:tag', scopes: ['tags.write'], negotiated: true, body: 'json' },
    async ({ c, app, body }) => {
      const name = c.req.param('tag') ?? ''
      // A different name in the body does not rename the tag; a wrong type is still an error.
      if (body.name !== undefined && typeof body.name !== 'string') throw fault('badValue', 'name')
      const tag = await c.get('gateway').catalogue.update({ app, name, description: descriptionOf(body) })
      if (!tag) throw fault('notFound', name)
      return c.json(presentTag(c, app, tag))
    },
  )
  on.app(
    {
      method: 'DELETE',
      path: '/apps/:app/tags/:tag',
      scopes: orDevicesWrite('tags.write'),
      negotiated: false,
    },
    async ({ c, app }) => {
      const name = c.req.param('tag') ?? ''
      if (name === EVERYBODY) throw fault('reserved', name)
      if (!(await c.get('gateway').catalogue.remove(app, name, c.get('requestId'))))
        throw fault('notFound', name)
      return c.body(null, 204)
    },
  )
}

type ListedTag = CatalogueTopic & { readonly subscriptions?: number }

/** IBM's reference only requires the parameter, its example passes a number; apps on devices get no counts. */
function counts(c: Call['c'], caller: Call['caller']): boolean {
  const wanted = (c.req.query('subscriptionCount') ?? '').toLowerCase()
  const operator = caller.kind === 'client' || (caller.kind === 'secret' && caller.server)
  return operator && !['', '0', 'false'].includes(wanted)
}

/** The list of tags, each with the number of its subscriptions. */
function countedTags(c: Call['c']): List<CatalogueCriteria, ListedTag, TextPlace> {
  const { catalogue, subscriptions } = c.get('gateway').listings
  async function withCounts(app: DialectApp, tags: readonly CatalogueTopic[]): Promise<ListedTag[]> {
    const names = tags.map(({ name }) => name)
    const counted = await subscriptions.countEach(app, names)
    return tags.map((tag) => ({ ...tag, subscriptions: counted.get(tag.name) ?? 0 }))
  }
  return {
    places: catalogue.places,
    count: catalogue.count,
    async page(app, criteria, window) {
      const page = await catalogue.page(app, criteria, window)
      return { ...page, items: await withCounts(app, page.items) }
    },
    async *parts(app, criteria, offset) {
      for await (const part of catalogue.parts(app, criteria, offset)) yield await withCounts(app, part)
    },
  }
}

/** Unlike identifiers, a description may be empty. */
function descriptionOf(body: Json): string | undefined {
  const { description } = body
  if (description === undefined || description === null) return undefined
  if (typeof description !== 'string' || description.length > MOST_DESCRIPTION) {
    throw fault('badValue', 'description')
  }
  // Descriptive, so a lone surrogate is repaired instead of refused (R22).
  return repaired(description)
}
