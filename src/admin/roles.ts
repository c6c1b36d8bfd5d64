import type { Role } from '../domain/operator.ts'

/** Reads that return a secret. */
const SECRETS = /^\/admin\/v1\/apps\/[^/]+\/webhooks\/[^/]+$/
/** Reads of all devices' tokens at once, for which the role `read` is not enough. */
const EVERYTHING = /^\/admin\/v1\/apps\/[^/]+\/export$/
/** Daily changes to devices, users and messages; changes to apps and keys are not included. */
const DAILY = [
  /^\/admin\/v1\/apps\/[^/]+\/(messages|devices|users|feedback|imports|exports|events)(\/|$)/,
  /^\/admin\/v1\/apps\/[^/]+\/providers\/[^/]+\/probe$/,
]

/** The role that an admin API call requires; the highest for calls not listed. */
export function roleFor(method: string, path: string): Role {
  if (method === 'GET' || method === 'HEAD') {
    if (EVERYTHING.test(path)) return 'operate'
    return SECRETS.test(path) ? 'admin' : 'read'
  }
  return DAILY.some((form) => form.test(path)) ? 'operate' : 'admin'
}
