import type { Request } from '../../src/adapter.ts'
import type { CatalogueCriteria, DeviceQuery, SubscriptionCriteria } from '../../src/gateway/listings.ts'
import { isPlatform, tokenSpellings } from './device-tokens.ts'
import { type Condition, filters, intersection } from './filters.ts'
import { ANONYMOUS } from './values.ts'

/**
 * Criteria of list requests (sections 5.1 to 5.4): parameters, which match exactly, and filters, all combined by AND. A
 * single device, user, platform or tag is looked up by index; several are passed as a list.
 */
export function deviceCriteria(c: Request): DeviceQuery {
  const of = filters(c, { platform: '==', deviceId: 'both', userId: 'both', token: 'both' })
  const tokens = asked(c, 'token', of.token)
  return {
    ...idCriteria(c, of.deviceId),
    ...userCriteria(c, of.userId),
    ...exactly('platformName', 'platformNames', asked(c, 'platform', of.platform)),
    ...(tokens && { tokens: tokens.flatMap(tokenSpellings) }),
    tokenContains: of.token.contains,
  }
}

export function subscriptionCriteria(c: Request): SubscriptionCriteria {
  const of = filters(c, { tagName: 'both', deviceId: 'both', userId: 'both' })
  return {
    ...idCriteria(c, of.deviceId),
    ...userCriteria(c, of.userId),
    ...exactly('topic', 'topics', asked(c, 'tagName', of.tagName)),
    topicContains: of.tagName.contains,
  }
}

export function tagCriteria(c: Request): CatalogueCriteria {
  const of = filters(c, { name: 'both', description: 'both', platform: '==' })
  // IBM's example filters tags by platform; here, tags belong to every platform.
  const somewhere = of.platform.is === undefined || of.platform.is.some(isPlatform)
  return {
    names: somewhere ? of.name.is : [],
    nameContains: of.name.contains,
    descriptions: of.description.is,
    descriptionContains: of.description.contains,
  }
}

const idCriteria = (c: Request, of: Condition) => ({
  ...exactly('externalId', 'externalIds', asked(c, 'deviceId', of)),
  externalIdContains: of.contains,
})

/** The vendor's placeholder for an absent user finds devices without a user. */
function userCriteria(c: Request, of: Condition) {
  const users = asked(c, 'userId', of)?.map((user) => (user === ANONYMOUS ? null : user))
  return {
    ...exactly('user', 'users', users),
    ...(of.contains && { userContains: { lists: of.contains, none: ANONYMOUS } }),
  }
}

/** The values that satisfy both a parameter and the filters of the same name. */
function asked(c: Request, parameter: string, { is }: Condition): readonly string[] | undefined {
  const value = c.req.query(parameter) || undefined
  return intersection([...(value === undefined ? [] : [[value]]), ...(is ? [is] : [])])
}

function exactly<One extends string, Many extends string, Value>(
  one: One,
  many: Many,
  values: readonly Value[] | undefined,
): { readonly [Name in One]?: Value } & { readonly [Name in Many]?: readonly Value[] } {
  // Each branch creates one of the two members, which TypeScript cannot derive from computed names.
  type Criterion = { readonly [Name in One]?: Value } & { readonly [Name in Many]?: readonly Value[] }
  if (values === undefined) return {} as Criterion
  return (values.length === 1 ? { [one]: values[0] } : { [many]: values }) as Criterion
}
