// `npm start`: prepares the checkout and then runs the server in the same process.
import { prepare } from './prepare.mjs'

await prepare({ development: false })

// npm forwards a signal to the shell that it started, and some shells exit without forwarding it: a process that has
// lost its parent should stop.
if (process.env.npm_lifecycle_event === 'start') {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, 500).unref()
}
await import('../dist/node.js')
