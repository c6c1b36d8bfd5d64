/** What standardwebhooks takes from @stablelib/base64, by what the runtime has; see hmac.mjs. */
export const encode = (bytes) => btoa(String.fromCharCode(...bytes))
export const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
