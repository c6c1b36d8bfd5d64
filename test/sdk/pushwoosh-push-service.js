// What the test page replaces, and nothing more: the push service, which cannot be reached. A subscription outlives the
// page, as in a browser; each new one has another endpoint.
const KEY = 'subscription'
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
  const endpoint = `https://push.example/send/${crypto.randomUUID()}`
  localStorage.setItem(KEY, JSON.stringify({ endpoint, p256dh: random(65), auth: random(16) }))
  return subscription()
}
