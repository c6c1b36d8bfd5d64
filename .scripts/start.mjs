// `npm start`: prepares the checkout and then runs the server in this very process.
import { prepare } from './prepare.mjs'

await prepare({ development: false })

// npm passes a signal on to the shell that it started, and some shells end without telling what they started: whoever
// has lost its parent is meant to stop.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
await import('../dist/node.js')
