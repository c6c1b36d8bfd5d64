// Parse Server as an operator runs it, in a separate process: `node parse-server.mjs FOLDER DATABASE_URL
// PORT`.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [folder, databaseURI, port] = process.argv.slice(2)
const require = createRequire(join(folder, 'package.json'))
const express = require('express')
const { ParseServer } = require('parse-server')

const server = new ParseServer({
  databaseURI,
  appId: 'bench',
  masterKey: 'bench-master-key',
  serverURL: `http://127.0.0.1:${port}/parse`,
  // No log file and no log line per request, as in our measurement.
  logsFolder: null,
  silent: true,
  enableAnonymousUsers: false,
  allowClientClassCreation: false,
})
await server.start()
const app = express()
app.use('/parse', server.app)
app.listen(Number(port), '127.0.0.1', () => console.error(`listens on http://127.0.0.1:${port}`))
process.on('SIGTERM', () => process.exit(0))
