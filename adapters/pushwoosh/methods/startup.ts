import { argument } from '../errors.ts'
import type { Method } from '../request.ts'
import { acknowledged } from './acknowledged.ts'

/** Constant answers, each the smallest that keeps the SDKs working (section 5). */
const always =
  (response: unknown): Method =>
  async (call) => {
    await acknowledged(call)
    return response
  }

/**
 * Without `vapid_key` the web SDK does not register, and without a use case its opt-in prompt never appears; features that
 * would make it send more are omitted.
 */
const getConfig: Method = async ({ app }) => ({
  features: { vapid_key: app.app.vapid.publicKey, subscription_prompt: { use_case: 'not-set' } },
})

/** There are no popup forms, so every code is unknown. */
const getPopupFormContent: Method = async () => {
  throw argument('Popup form not found')
}

export const startupMethods = {
  getConfig,
  getInboxMessages: always({ messages: [], next: '', deleted: [], new_inbox: 0 }),
  inboxStatus: always(null),
  getInApps: always({ inApps: [] }),
  triggerInAppAction: always(null),
  richMediaAction: always(null),
  pageVisit: always(null),
  getPopupForms: async () => ({ popup_forms: [] }),
  getPopupFormContent,
  recordPopupFormEvent: always(null),
  createTestDevice: always(null),
  getNearestZone: always({ geozones: [] }),
  setActivityToken: always(null),
  setActivityPushToStartToken: always(null),
} satisfies Record<string, Method>
