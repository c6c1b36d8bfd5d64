import type { ReceiptKind } from '../../../src/domain/receipt.ts'
import type { TagChange } from '../../../src/domain/tag.ts'
import { HWID, senderId } from '../registration.ts'
import {
  type Call,
  described,
  isObject,
  type Json,
  type Method,
  required,
  text,
  userIdOf,
} from '../request.ts'
import { changeOf } from '../tags.ts'
import { acknowledged } from './acknowledged.ts'

/** Kept per device and message; SDKs repeat these, and a repetition only adds to the count (section 3). */
const receipt =
  (kind: ReceiptKind): Method =>
  async (call) => {
    const { gateway, app, request } = call
    const externalId = senderId(call)
    const userId = userIdOf(request)
    const metaData = metaDataOf(request.metaData)
    await gateway.receipts.record({
      app,
      externalId,
      kind,
      messageId: text(request, 'hash', 1024) ?? '',
      details: { ...(userId !== undefined && { userId }), ...(metaData !== undefined && { metaData }) },
    })
    return null
  }

/** An object from the web, its JSON text from Android and iOS. */
function metaDataOf(given: unknown): unknown {
  if (typeof given !== 'string') return isObject(given) ? given : undefined
  try {
    const parsed: unknown = JSON.parse(given)
    return isObject(parsed) ? parsed : given
  } catch {
    return given
  }
}

const PURCHASE = 'PW_InAppPurchase'

/** Any event is fine; a purchase also sets the purchase tags (section 9). */
const postEvent: Method = async (call) => {
  const { request } = call
  const answer = await acknowledged(call)
  const event = required(request, 'event', HWID)
  const attributes = isObject(request.attributes) ? request.attributes : {}
  if (event === PURCHASE) await purchased(call, attributes, attributes.amount)
  return answer
}

const setPurchase: Method = async (call) => {
  await purchased(call, call.request, call.request.price)
  return null
}

/** What was bought, for how much, and when; members that cannot be read change nothing. */
async function purchased(call: Call, purchase: Json, amount: unknown): Promise<void> {
  const externalId = senderId(call)
  const product = described(purchase, 'productIdentifier')
  const date = described(purchase, 'transactionDate')
  const wanted: [string, unknown][] = [
    ['In-app Product', product === undefined ? undefined : { operation: 'append', value: product }],
    ['In-app Purchase', amount],
    ['Last In-app Purchase date', date ?? String(Math.floor(call.c.var.now().getTime() / 1000))],
  ]
  const changes: TagChange[] = []
  for (const [name, value] of wanted) {
    const change = value === undefined || value === null ? '' : changeOf(name, value)
    if (typeof change !== 'string') changes.push(change)
  }
  await call.gateway.tags.change({ app: call.app, externalId, changes })
}

export const eventMethods = {
  pushStat: receipt('opened'),
  messageDeliveryEvent: receipt('delivered'),
  postEvent,
  setPurchase,
} satisfies Record<string, Method>
