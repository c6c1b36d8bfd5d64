// A demo app on a gateway that has no app yet, wherever it runs: `ADMIN_TOKEN=… npm run --silent demo -- ORIGIN`. Prints
// a shell command per dialect that registers the same phone, and one that shows it.
import { adapters } from '../adapters/index.ts'
import { configured } from '../src/adapter.ts'
import { createDemo } from '../src/admin/demo.ts'
import { parseConfig } from '../src/config.ts'

const [given] = process.argv.slice(2)
const token = process.env.ADMIN_TOKEN
if (given === undefined || !URL.canParse(given) || !token) {
  process.stderr.write('usage: ADMIN_TOKEN=… npm run --silent demo -- https://gateway.example\n')
  process.exit(2)
}
const { origin } = new URL(given)

const demo = await createDemo({
  adapters: configured(adapters, parseConfig({ MFP_CONTEXT: process.env.MFP_CONTEXT })),
  origin,
  admin: (method, path, body) =>
    fetch(`${origin}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
}).catch((error: Error) => {
  process.stderr.write(`${origin}: ${error.message}\n`)
  process.exit(1)
})
if (demo === null) {
  process.stderr.write(`${origin} has an app already.\n`)
  process.exit(1)
}
process.stdout.write(`# ${demo}`)
