// `npm start`: prepares the checkout and then runs the server in this very process, started with `exec`: so the signal
// that npm passes on stops the server, and not a shell in between that would leave it running.
import './prepare.mjs'

await import('../dist/node.js')
