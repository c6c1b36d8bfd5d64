import type { DialectApp } from '../../../src/domain/app.ts'
import type { Message, MessageState } from '../../../src/domain/message.ts'
import type { MessageReport } from '../../../src/gateway/messages.ts'

/** The vendor's names of states. */
const STATUS: Readonly<Record<MessageState, string>> = {
  scheduled: 'waiting',
  planning: 'processing',
  sending: 'processing',
  done: 'done',
  cancelled: 'canceled',
  expired: 'done',
}

const dateTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')
const HOUR = 3_600_000

export function detailsOf({ identifier }: DialectApp, message: Message) {
  const { externalId, createdAt, schedule, audience, state, body } = message
  const devices = 'devicesOrTokens' in audience.to ? audience.to.devicesOrTokens : null
  return {
    code: externalId,
    status: STATUS[state],
    created: dateTime(createdAt),
    send_date: dateTime(schedule?.at ?? createdAt),
    application: identifier,
    platforms: audience.platforms ?? [],
    content: body.content ?? '',
    devices,
  }
}

/** Sends by hour. All opens are counted at the message's start, because phones do not report when. */
export function statisticsOf({ message, counts, opened }: MessageReport) {
  const hours = new Map<number, number>()
  for (const { outcome, hour, count } of counts)
    if (outcome === 'accepted') hours.set(hour, (hours.get(hour) ?? 0) + count)
  const sent = [...hours].toSorted(([one], [other]) => one - other)
  const row = (at: Date, action: string, count: number) => ({ datetime: dateTime(at), action, count })
  return {
    formatter: 'hourly',
    rows: [
      ...sent.map(([hour, count]) => row(new Date(hour * HOUR), 'send', count)),
      ...(opened > 0 ? [row(message.startedAt ?? message.createdAt, 'open', opened)] : []),
    ],
  }
}
