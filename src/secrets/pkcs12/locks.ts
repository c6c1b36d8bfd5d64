import type forge from 'node-forge'
import { type Derivation, type Digest, PURPOSE, pbkdf2, pkcs12Key } from './keys.ts'
import { bytesOf, child, children, type Node, needed, numberOf } from './nodes.ts'

export type Forge = typeof forge

export interface Locks {
  /** The standard name of an object identifier. */
  nameOf(node: Node): string
  /** Throws if the MAC does not match the content. */
  verify(content: string, seal: Node): Promise<void>
  decrypted(algorithm: Node, content: Node): Promise<Node>
}

/** The ciphers of PBES2 with their key lengths in bytes. */
const CIPHERS: Readonly<Record<string, readonly [forge.cipher.Algorithm, number]>> = {
  'aes128-CBC': ['AES-CBC', 16],
  'aes192-CBC': ['AES-CBC', 24],
  'aes256-CBC': ['AES-CBC', 32],
  'des-EDE3-CBC': ['3DES-CBC', 24],
  desCBC: ['DES-CBC', 8],
}
const SEALS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const

/** Verifies and decrypts parts of a PKCS#12 file. Throws before exceeding `most` rounds of key derivation in total. */
export function createLocks(library: Forge, password: string, most: number): Locks {
  const nameOf = (node: Node) => library.pki.oids[library.asn1.derToOid(bytesOf(node))] ?? ''
  let rounds = 0

  function derivation(salt: Node, count: Node | undefined, length: number): Derivation {
    const own = count ? numberOf(count) : 1
    rounds += own
    if (rounds > most) throw new Error('too many rounds')
    return { password, salt: bytesOf(salt), rounds: own, length }
  }

  async function pkcs12Cipher(triple: boolean, parameters: Node) {
    const of = derivation(child(parameters, 0), child(parameters, 1), triple ? 24 : 5)
    const digest = digestOf(library, 'sha1')
    const key = await pkcs12Key(digest, PURPOSE.key, of)
    const iv = await pkcs12Key(digest, PURPOSE.vector, { ...of, length: 8 })
    if (triple) return started(library.cipher.createDecipher('3DES-CBC', key), iv)
    const cipher = library.rc2.createDecryptionCipher(key, 40)
    cipher.start(iv)
    return cipher
  }

  async function pbes2Cipher(parameters: Node) {
    const [derived, scheme] = [child(parameters, 0), child(parameters, 1)]
    if (nameOf(child(derived, 0)) !== 'pkcs5PBKDF2') throw new Error('no such key derivation')
    const [cipher, length] = needed(CIPHERS[nameOf(child(scheme, 0))])
    const [salt, count, ...more] = children(child(derived, 1))
    // An optional key length may precede it; the cipher determines it anyway.
    const last = more.find(({ value }) => Array.isArray(value))
    const pseudorandom = last ? nameOf(child(last, 0)) : 'hmacWithSHA1'
    const key = await pbkdf2(pseudorandom, derivation(needed(salt), needed(count), length))
    return started(library.cipher.createDecipher(cipher, key), bytesOf(child(scheme, 1)))
  }

  function cipherOf(algorithm: Node) {
    const [name, parameters] = [nameOf(child(algorithm, 0)), child(algorithm, 1)]
    if (name === 'pkcs5PBES2') return pbes2Cipher(parameters)
    const triple = name === 'pbeWithSHAAnd3-KeyTripleDES-CBC'
    if (!triple && name !== 'pbewithSHAAnd40BitRC2-CBC') throw new Error(`no cipher ${name}`)
    return pkcs12Cipher(triple, parameters)
  }

  return {
    nameOf,

    async verify(content, seal) {
      const info = child(seal, 0)
      const digest = digestOf(library, nameOf(child(child(info, 0), 0)))
      const of = derivation(child(seal, 1), children(seal)[2], digest.digestLength)
      const key = await pkcs12Key(digest, PURPOSE.seal, of)
      const hmac = library.hmac.create()
      hmac.start(digest, key)
      hmac.update(content)
      if (hmac.getMac().getBytes() !== bytesOf(child(info, 1))) throw new Error('the seal is broken')
    },

    async decrypted(algorithm, content) {
      const cipher = await cipherOf(algorithm)
      cipher.update(library.util.createBuffer(bytesOf(content)))
      if (!cipher.finish()) throw new Error('the content does not decrypt')
      return library.asn1.fromDer(library.util.createBuffer(cipher.output.getBytes()))
    },
  }
}

const digestOf = ({ md }: Forge, name: string): Digest =>
  md[needed(SEALS.find((seal) => seal === name))].create() as Digest

function started(cipher: forge.cipher.BlockCipher, iv: string) {
  cipher.start({ iv })
  return cipher
}
