import { type Served, serve } from './child.ts'
import { productIn, ROOT } from './paths.ts'

export const ADMIN_TOKEN = 'bench-admin-token-0123456789'
/** Always the same key, because the seeded databases contain secrets sealed with it. */
export const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

export interface Gateway extends Served {
  readonly adminToken: string
  /** A call of the admin API; returns its JSON, and throws for an unsuccessful status. */
  admin<Answer>(method: string, path: string, body?: unknown): Promise<Answer>
}

/**
 * The product of a checkout as `npm start` runs it, over this file: durable (`synchronous=FULL`), without rate limits and
 * log lines.
 */
export async function startGateway(
  file: string,
  root = ROOT,
  variables: Readonly<Record<string, string>> = {},
): Promise<Gateway> {
  const served = await serve(process.execPath, [productIn(root)], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: `file:${file}`,
      ADMIN_TOKEN,
      MASTER_KEY,
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'silent',
      ...variables,
    },
  })
  return {
    ...served,
    adminToken: ADMIN_TOKEN,
    async admin(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${served.port}/admin/v1${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ADMIN_TOKEN}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
  }
}
