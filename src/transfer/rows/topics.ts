import type { ImportTopic, Warning } from '../../domain/import.ts'
import { isStorable } from '../../domain/text.ts'
import { allowedBy, type TopicPolicy } from '../../domain/topic.ts'
import type { ImportTerms, RawRow } from '../format.ts'

const allowed = new WeakMap<TopicPolicy, (name: string) => boolean>()
const isAllowed = (policy: TopicPolicy) => {
  const known = allowed.get(policy) ?? allowedBy(policy)
  allowed.set(policy, known)
  return known
}

/** The topics of a row that its dialect allows, and those that the dialect adds itself. */
export function topicsOf(
  raw: RawRow,
  { policy, topics: with_ }: ImportTerms,
  warnings: Set<Warning>,
): readonly ImportTopic[] {
  const { topics } = raw
  const said = topics ?? []
  if (!Array.isArray(said) || said.some((one) => typeof one !== 'string')) warnings.add('topics_ignored')
  const names = Array.isArray(said)
    ? said.filter((one): one is string => typeof one === 'string' && one !== '')
    : []
  if (!policy) {
    if (names.length > 0) warnings.add('topics_ignored')
    return []
  }
  const fits = names.filter((name) => isStorable(name) && isAllowed(policy)(name))
  if (fits.length < names.length) warnings.add('topic_dropped')
  let kept = [...new Set(raw.existing || !with_ ? fits : with_(fits))]
  if (kept.length > policy.limit) {
    warnings.add('topics_cut')
    kept = kept.sort(byBytes).slice(0, policy.limit)
  }
  return kept.map((t) => ({ t, i: idOf(raw, t), a: policy.automatic.includes(t) ? 1 : 0 }))
}

const MOST_ID = 1000
function idOf({ subscriptionIds }: RawRow, topic: string): string | null {
  if (!subscriptionIds || !Object.hasOwn(subscriptionIds, topic)) return null
  const id = subscriptionIds[topic]
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && text !== '' && text.length <= MOST_ID && isStorable(text) ? text : null
}

const byBytes = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
