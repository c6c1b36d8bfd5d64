// What the test page replaces, and nothing more: the push service, which cannot be reached, and the permission that
// leads to it. A subscription outlives the page, as in a browser; each new one has another endpoint.
const KEY = 'subscription'
const bytes = (length) => crypto.getRandomValues(new Uint8Array(length))
const base64url = (data) =>
  btoa(String.fromCharCode(...data))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

function subscription() {
  const held = localStorage.getItem(KEY)
  if (held === null) return null
  return {
    toJSON: () => JSON.parse(held),
    unsubscribe: async () => {
      localStorage.removeItem(KEY)
      return true
    },
  }
}

PushManager.prototype.getSubscription = async () => subscription()
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  localStorage.setItem('applicationServerKey', base64url(applicationServerKey))
  // A push service of the test, if it has one.
  const held = JSON.parse(localStorage.getItem('offered')) ?? {
    endpoint: `https://push.example/send/${crypto.randomUUID()}`,
    expirationTime: null,
    keys: { p256dh: base64url(bytes(65)), auth: base64url(bytes(16)) },
  }
  localStorage.setItem(KEY, JSON.stringify(held))
  return subscription()
}
