import { join } from 'node:path'
import Database from 'better-sqlite3'
import { withAccess } from '../dialects/access.ts'
import type { Documents } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { data, removeDatabase } from '../kit/paths.ts'
import { isDone, type Shot } from '../load/shot.ts'
import { phone } from '../seed/phone.ts'

/** A version of the product over a database of its own, which was filled by its own calls: schemas differ. */
export interface Version {
  readonly name: string
  readonly gateway: Gateway
  readonly documents: Documents
  /** Removes its database, once it is stopped. */
  remove(): void
}

const AT_ONCE = 64

export async function startVersion(name: string, root: string, devices: number): Promise<Version> {
  const file = join(data('work'), `${process.pid}-beside-${made++}.db`)
  const first = await startGateway(file, root)
  const documents = await filled(first, devices)
  await first.stop()
  nameDevices(file, devices)
  const gateway = await startGateway(file, root)
  return {
    name,
    gateway,
    documents: await withAccess(documents, sender(gateway)),
    remove: () => removeDatabase(file),
  }
}

let made = 0

const sender =
  ({ port }: Gateway) =>
  ({ method, path, headers, body }: Shot) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body !== '' && { body }) })

/** Creates the app and registers the phones, dialect by dialect in turn, as the seeds of the other suites have them. */
async function filled(gateway: Gateway, devices: number): Promise<Documents> {
  const send = sender(gateway)
  const every = Object.fromEntries(dialects.map(({ name }) => [name, {}]))
  const app = await gateway.admin<{ id: string; dialects: Documents['dialects'] }>('POST', '/apps', {
    name: 'bench',
    dialects: every,
  })
  const { adminToken } = gateway
  const bare = { app: app.id, dialects: app.dialects, accessToken: '', adminToken }
  const documents = await withAccess(bare, send)
  let next = 0
  const register = async () => {
    while (next < devices) {
      const n = next++
      const dialect = dialects[n % dialects.length]
      if (!dialect) continue
      const answer = await send(dialect.register(documents, phone(n)))
      const text = await answer.text()
      if (!isDone(answer, text)) throw new Error(`${dialect.name}: ${answer.status} ${text}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, register))
  return documents
}

/** Gives devices whose ids came with the registration the ids that the load asks for. */
function nameDevices(file: string, devices: number): void {
  const client = new Database(file)
  const rename = client.prepare(`
    UPDATE devices SET external_id = :id WHERE dialect = :dialect AND push_token_id IN
      (SELECT id FROM push_tokens WHERE token = :token)`)
  client.transaction(() => {
    for (let n = 0; n < devices; n++) {
      const { name, assignedId } = dialects[n % dialects.length] ?? {}
      const one = phone(n)
      if (assignedId) rename.run({ id: assignedId(one), dialect: name, token: one.token })
    }
  })()
  client.close()
}
