import type { ReceiptKind } from '../../../src/domain/receipt.ts'
import type { TagChange } from '../../../src/domain/tag.ts'
import { repairedDocument } from '../../../src/domain/text.ts'
import { isObject, type Json, parseJsonText } from '../../../src/wire/json.ts'
import { HWID, senderId } from '../registration.ts'
import { type Call, described, type Method, required, text, userIdOf } from '../request.ts'
import { codeOf } from '../sending/hash.ts'
import { changeOf } from '../tags.ts'
import { acknowledged } from './acknowledged.ts'

/** Counted per device and message; SDKs repeat these calls, which only increments the count (section 3). */
const receipt =
  (kind: ReceiptKind): Method =>
  async (call) => {
    const { c, gateway, app, request } = call
    const externalId = senderId(call)
    const userId = userIdOf(request)
    const metaData = metaDataOf(request.metaData, c.get('limits').jsonDepth)
    await gateway.receipts.record({
      app,
      externalId,
      kind,
      messageId: codeOf(text(request, 'hash', 1024) ?? ''),
      details: { ...(userId !== undefined && { userId }), ...(metaData !== undefined && { metaData }) },
    })
    return null
  }

/** In characters; longer data would not fit on a page of receipts. */
const META_DATA = 16_384

/** An object from the web, JSON text from Android and iOS; text that cannot be parsed stays text. */
function metaDataOf(given: unknown, maxDepth: number): unknown {
  const parsed = typeof given === 'string' ? parseJsonText(given, maxDepth) : given
  const found = isObject(parsed) ? parsed : typeof given === 'string' ? given : undefined
  if (found === undefined || JSON.stringify(found).length > META_DATA) return undefined
  return repairedDocument(found)
}

const PURCHASE = 'PW_InAppPurchase'

/** Accepts any event; a purchase also sets the purchase tags (section 9). */
const postEvent: Method = async (call) => {
  const { request } = call
  const event = required(request, 'event', HWID)
  const attributes = isObject(request.attributes) ? request.attributes : {}
  // Parsed first, so that a refused call changes nothing.
  const changes = event === PURCHASE ? purchaseTags(call, attributes, attributes.amount) : []
  const answer = await acknowledged(call)
  if (changes.length > 0) await purchased(call, changes)
  return answer
}

const setPurchase: Method = async (call) => {
  await purchased(call, purchaseTags(call, call.request, call.request.price))
  return null
}

/** Product, amount and time of a purchase; invalid members are ignored. */
function purchaseTags(call: Call, purchase: Json, amount: unknown): readonly TagChange[] {
  const product = described(purchase, 'productIdentifier')
  const date = described(purchase, 'transactionDate')
  const wanted: [string, unknown][] = [
    ['In-app Product', product === undefined ? undefined : { operation: 'append', value: product }],
    ['In-app Purchase', amount],
    ['Last In-app Purchase date', date ?? String(Math.floor(call.c.get('now')().getTime() / 1000))],
  ]
  const changes: TagChange[] = []
  for (const [name, value] of wanted) {
    const change = value === undefined || value === null ? '' : changeOf(name, value)
    if (typeof change !== 'string') changes.push(change)
  }
  return changes
}

async function purchased(call: Call, changes: readonly TagChange[]): Promise<void> {
  const { app, gateway, c } = call
  await gateway.tags.change({ app, externalId: senderId(call), changes, cause: c.get('requestId') })
}

export const eventMethods = {
  pushStat: receipt('opened'),
  messageDeliveryEvent: receipt('delivered'),
  postEvent,
  setPurchase,
} satisfies Record<string, Method>
