declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  import { RateLimiterMemory } from 'rate-limiter-flexible'

  // biome-ignore lint/style/noDefaultExport: the CommonJS file exports the class itself.
  export default RateLimiterMemory
}
