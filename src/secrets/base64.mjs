/**
 * The part of @stablelib/base64 that standardwebhooks uses, based on the runtime's own functions; see
 * hmac.mjs.
 */
export const encode = (bytes) => btoa(String.fromCharCode(...bytes))
export const decode = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
