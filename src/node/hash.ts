import { hash } from 'node:crypto'

/** SHA-256 of a text's UTF-8 bytes, lower-case hexadecimal, by OpenSSL. */
export const nativeSha256 = (text: string): string => hash('sha256', text, 'hex')
