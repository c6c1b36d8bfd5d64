/**
 * A reader of the feed in another system, which stores devices as documents and knows nothing of the gateway
 * but its API.
 */
import type { Harness } from '../harness/harness.ts'

export interface Doc {
  readonly id: string
  readonly dialect: string
  readonly installationId: string
  readonly [member: string]: unknown
}
export interface FeedEvent {
  readonly cursor: string
  readonly kind: string
  readonly dialect: string | null
  readonly deviceId: string | null
  readonly detail: { readonly devices?: readonly string[]; readonly topic?: string }
  readonly device: Doc | null
}
export interface Page {
  readonly events: readonly FeedEvent[]
  readonly next: string
  readonly more: boolean
  readonly complete: boolean
}

export class Replica {
  readonly devices = new Map<string, Doc>()
  place = 'start'

  /** One page; returns whether more may be available. */
  async read(h: Harness, appId: string, limit: number): Promise<boolean> {
    const response = await h.admin('GET', `/apps/${appId}/events?limit=${limit}&after=${this.place}`)
    if (response.status !== 200) throw new Error(await response.text())
    const page = await response.json<Page>()
    for (const event of page.events) this.apply(event)
    this.place = page.next
    return page.more
  }

  apply({ kind, dialect, deviceId, detail, device }: FeedEvent): void {
    if (device) {
      this.devices.set(device.id, device)
    } else if (deviceId !== null) this.devices.delete(deviceId)
    for (const id of detail.devices ?? []) this.devices.delete(id)
    if (kind === 'topicRemoved')
      for (const one of this.devices.values())
        if (one.dialect === dialect) {
          const topics = (one.topics as string[]).filter((topic) => topic !== detail.topic)
          this.devices.set(one.id, { ...one, topics })
        }
  }

  /** In the form in which the admin API lists devices, by id. */
  shown(): Doc[] {
    return [...this.devices.values()]
      .map(({ tokenState, keys, enabled, details, subscriptionIds, expiresAt, ...doc }) =>
        comparable({ ...doc, active: enabled === true && tokenState === 'live' } as unknown as Doc),
      )
      .toSorted(byId)
  }
}

/** Everything except the times of the last change and the last call. */
export function comparable({ updatedAt, lastSeenAt, ...doc }: Doc): Doc {
  return doc as Doc
}
export const byId = (left: Doc, right: Doc) => (left.id < right.id ? -1 : 1)
