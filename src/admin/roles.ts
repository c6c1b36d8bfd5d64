import type { Role } from '../domain/operator.ts'

/** Reads that show a secret. */
const SECRETS = /^\/admin\/v1\/apps\/[^/]+\/webhooks\/[^/]+$/
/** Reads of the tokens of all devices at once: more than looking. */
const EVERYTHING = /^\/admin\/v1\/apps\/[^/]+\/export$/
/** Changes that are daily work: of devices, users and messages, never of what apps and keys are. */
const DAILY = [
  /^\/admin\/v1\/apps\/[^/]+\/(messages|devices|users|feedback|imports|exports|events)(\/|$)/,
  /^\/admin\/v1\/apps\/[^/]+\/providers\/[^/]+\/probe$/,
]

/** The role that a call of the admin API needs; what is not listed needs the highest. */
export function roleFor(method: string, path: string): Role {
  if (method === 'GET' || method === 'HEAD') {
    if (EVERYTHING.test(path)) return 'operate'
    return SECRETS.test(path) ? 'admin' : 'read'
  }
  return DAILY.some((form) => form.test(path)) ? 'operate' : 'admin'
}
