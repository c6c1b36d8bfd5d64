// What the test page replaces, and nothing more: the push service, which cannot be reached. A subscription outlives the
// page, as in a browser; each new one has another endpoint.
const KEY = 'subscription'
const bytes = (text) =>
  text && [...atob(text.replaceAll('-', '+').replaceAll('_', '/'))].map((letter) => letter.charCodeAt(0))
const random = (length) => [...crypto.getRandomValues(new Uint8Array(length))]

function subscription() {
  const held = JSON.parse(localStorage.getItem(KEY))
  if (held === null) return null
  return {
    endpoint: held.endpoint,
    getKey: (name) => new Uint8Array(held[name]).buffer,
    unsubscribe: async () => {
      localStorage.removeItem(KEY)
      return true
    },
  }
}

PushManager.prototype.getSubscription = async () => subscription()
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  localStorage.setItem('applicationServerKey', JSON.stringify([...applicationServerKey]))
  // A push service of the test, if it has one.
  const offered = JSON.parse(localStorage.getItem('offered'))
  const endpoint = offered?.endpoint ?? `https://push.example/send/${crypto.randomUUID()}`
  const { p256dh, auth } = offered?.keys ?? {}
  const keys = { p256dh: bytes(p256dh) ?? random(65), auth: bytes(auth) ?? random(16) }
  localStorage.setItem(KEY, JSON.stringify({ endpoint, ...keys }))
  return subscription()
}
