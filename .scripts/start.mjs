// `npm start`: prepares the checkout and then runs the server in the same process.
import { endWithParent } from './parent.mjs'
import { prepare } from './prepare.mjs'

await prepare({ development: false })
if (process.env.npm_lifecycle_event === 'start') endWithParent()
await import('../dist/node.js')
