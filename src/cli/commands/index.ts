import { app } from './app.ts'
import { backup, restore } from './backup.ts'
import { completionOf } from './completion.ts'
import { conformance } from './conformance.ts'
import { credential } from './credential.ts'
import { device } from './device.ts'
import { doctor } from './doctor.ts'
import { events } from './events.ts'
import { exporting } from './export.ts'
import { importing } from './import.ts'
import { key } from './key.ts'
import { context, login, logout } from './login.ts'
import { migrate } from './migrate.ts'
import { move } from './move.ts'
import { provider } from './provider.ts'
import { pull } from './pull.ts'
import { readiness } from './readiness.ts'
import { replay } from './replay.ts'
import { schema } from './schema.ts'
import { send } from './send.ts'
import { serve } from './serve.ts'
import { loginLink, token } from './token.ts'
import { undo } from './undo.ts'
import { user } from './user.ts'
import { webhook } from './webhook.ts'

const WORKING = {
  serve,
  login,
  logout,
  context,
  app,
  credential,
  provider,
  device,
  user,
  send,
  events,
  webhook,
  import: importing,
  pull,
  export: exporting,
  readiness,
  undo,
  backup,
  restore,
  doctor,
  key,
  conformance,
  replay,
  token,
  'login-link': loginLink,
  migrate,
  move,
  schema,
} as const

/** Every command, by its name. */
export const COMMANDS = { ...WORKING, completion: completionOf(WORKING) } as const
