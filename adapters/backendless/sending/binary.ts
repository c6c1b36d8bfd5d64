import type { Request } from '../../../src/adapter.ts'
import { type AmfValue, amfObject } from '../amf/values.ts'
import type { Caller } from '../caller.ts'
import { membersOfObject, plain } from './plain.ts'
import { cancelMessage, DEFAULT_CHANNEL, messageStatus, publish, pushWithTemplate } from './publish.ts'
import type { Status } from './status.ts'

export const MESSAGING_SOURCE = 'com.backendless.services.messaging.MessagingService'

/**
 * A call of a binary SDK. `old`: the app's id and version precede the arguments, as in SDKs before version 4
 * and in .NET.
 */
interface Call {
  readonly c: Request
  readonly caller: Caller
  readonly args: readonly AmfValue[]
  readonly old: boolean
}

/** The vendor's status object; its class is in another package for old SDKs (section 6.5). */
const statusObject = ({ messageId, status, errorMessage }: Status, old: boolean): AmfValue =>
  amfObject(`com.backendless.${old ? 'services.' : ''}messaging.MessageStatus`, {
    messageId,
    status: status.toUpperCase(),
    errorMessage,
  })

const textArg = (value: AmfValue): string => (typeof value === 'string' ? value : '')

const OPERATIONS = {
  async publish({ c, caller, args: [channel, message, ...options], old }) {
    const members = [...options.slice(0, 2).flatMap(membersOfObject), ['message', plain(message)] as const]
    const body = Object.fromEntries(members)
    return statusObject(await publish(c, caller, textArg(channel) || DEFAULT_CHANNEL, body), old)
  },
  pushWithTemplate: async ({ c, caller, args: [name, values], old }) =>
    statusObject(
      await pushWithTemplate(c, caller, textArg(name), Object.fromEntries(membersOfObject(values))),
      old,
    ),
  getMessageStatus: async ({ c, caller, args: [id], old }) =>
    statusObject(await messageStatus(c, caller, textArg(id)), old),
  async cancel({ c, caller, args: [id], old }) {
    const status = await cancelMessage(c, caller, textArg(id))
    // .NET expects a boolean here.
    return old && DOTNET.has(caller.kind ?? '') ? true : statusObject(status, old)
  },
} as const satisfies Readonly<Record<string, (call: Call) => Promise<AmfValue>>>
export type MessageCall = keyof typeof OPERATIONS
const isMessageCall = (name: string): name is MessageCall => Object.hasOwn(OPERATIONS, name)
/** Kinds of key that .NET apps use, taken from the key itself or from the SDK's headers. */
const DOTNET: ReadonlySet<string> = new Set(['dotnet', 'wp', 'rest'])

export type MessagingOperation = (c: Request, caller: Caller, args: readonly AmfValue[]) => Promise<AmfValue>

/** Operations on messages (section 6.5). */
export const messagingOperation = (name: string): MessagingOperation | undefined => {
  const operation = isMessageCall(name) ? OPERATIONS[name] : undefined
  return (
    operation &&
    ((c, caller, args) => {
      const old = caller.form === 'version'
      // .NET sends the app among the arguments in every version.
      const named = !old && args[0] === caller.app.identifier
      return operation({ c, caller, args: named ? args.slice(2) : args, old: old || named })
    })
  )
}
