/** A message that is being written. */
export interface Draft {
  readonly title: string
  readonly body: string
  readonly link: string
  readonly image: string
  readonly data: string
  readonly to: string
  readonly value: string
  readonly at: string
}

export const TO = [
  ['all', 'Everybody'],
  ['topics', 'Topics'],
  ['users', 'Users'],
  ['devices', 'Devices, by their id in the gateway'],
  ['platforms', 'Platforms'],
] as const

/** The body of the call. Throws a message if the data is invalid JSON. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const values = draft.value
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter(Boolean)
  return {
    ...(draft.title && { title: draft.title }),
    ...(draft.body && { body: draft.body }),
    ...(draft.link && { link: draft.link }),
    ...(draft.image && { image: draft.image }),
    ...(draft.data.trim() && { data: dataOf(draft.data) }),
    audience: draft.to === 'all' ? { all: true } : { [draft.to]: values },
    ...(draft.at && { schedule: { at: new Date(draft.at).toISOString() } }),
  }
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The data is not JSON: {"key": "value"}.')
  }
}
