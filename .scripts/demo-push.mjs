// `npm run demo:push`: prepares the checkout, as `npm start` does, and then runs the push test server in the same process.
import { endWithParent } from './parent.mjs'
import { prepare } from './prepare.mjs'

await prepare({ development: false })
if (process.env.npm_lifecycle_event === 'demo:push') endWithParent()
await import('../dist/push-server.js')
