import { apps, credentials } from './apps.ts'
import { backups } from './backups.ts'
import { devices, installations, users } from './devices.ts'
import { exports } from './exports.ts'
import { feed } from './feed.ts'
import { imports } from './imports.ts'
import { keys } from './keys.ts'
import { messages } from './messages.ts'
import { mirrors } from './mirrors.ts'
import type { Operation, Operations } from './operation.ts'
import { activity, operators } from './operators.ts'
import { providers } from './providers.ts'
import { readiness } from './readiness.ts'
import { logs, reports } from './reports.ts'
import { undos } from './undos.ts'
import { webhooks } from './webhooks.ts'

const ALL: Operations = {
  ...apps,
  ...credentials,
  ...providers,
  ...devices,
  ...installations,
  ...users,
  ...feed,
  ...backups,
  ...imports,
  ...exports,
  ...messages,
  ...mirrors,
  ...readiness,
  ...undos,
  ...reports,
  ...webhooks,
  ...logs,
  ...activity,
  ...operators,
  ...keys,
}

/** By path, in the router's form below `/admin/v1`, and method. */
export const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = ALL
