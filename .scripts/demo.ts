// Creates a demo app on a gateway without apps, on any host: `ADMIN_TOKEN=… npm run --silent demo -- ORIGIN`.
// Prints a shell command per dialect that registers the same phone, and one that shows it.
import { adapters } from '../adapters/index.ts'
import { configured } from '../src/adapter.ts'
import { adminClient } from '../src/admin/client.ts'
import { createDemo } from '../src/admin/demo.ts'
import { setVariables } from '../src/config/names.ts'
import { parseConfig } from '../src/config.ts'

const [given] = process.argv.slice(2)
const token = process.env.ADMIN_TOKEN
if (given === undefined || !URL.canParse(given) || !token) {
  process.stderr.write('usage: ADMIN_TOKEN=… npm run --silent demo -- https://gateway.example\n')
  process.exit(2)
}
const { origin } = new URL(given)

// Other variables in this environment belong to another gateway.
const own = adapters.flatMap(({ variables = {} }) => Object.keys(variables))
const set = [...setVariables(process.env, own)].map(([name, { text }]) => [name, text])
const config = parseConfig(Object.fromEntries(set), adapters)

const demo = await createDemo({
  adapters: configured(adapters, config),
  origin,
  admin: adminClient(origin, token),
}).catch((error: Error) => {
  process.stderr.write(`${origin}: ${error.message}\n`)
  process.exit(1)
})
if (demo === null) {
  process.stderr.write(`${origin} already has an app.\n`)
  process.exit(1)
}
process.stdout.write(`# ${demo}`)
