import type forge from 'node-forge'
import { createLocks, type Forge } from './certificate-locks.ts'
import { bytesOf, child, children, type Node, needed } from './certificate-nodes.ts'

export interface Contents {
  readonly certificates: readonly forge.pki.Certificate[]
  readonly keys: readonly forge.pki.rsa.PrivateKey[]
}

/**
 * What a PKCS#12 file holds (RFC 7292), each part opened with the password; the library could open it as well, but holds
 * everybody up while it derives the keys. Throws for what is no such file, has another password, or asks for more than
 * `most` rounds.
 */
export async function contentsOf(
  library: Forge,
  file: Node,
  { password, most }: { readonly password: string; readonly most: number },
): Promise<Contents> {
  const { asn1, pki } = library
  const { nameOf, verify, decrypted } = createLocks(library, password, most)
  const parsed = (bytes: string) => asn1.fromDer(library.util.createBuffer(bytes))
  const certificates: forge.pki.Certificate[] = []
  const keys: forge.pki.rsa.PrivateKey[] = []

  async function take(bag: Node): Promise<void> {
    const [kind, held] = [nameOf(child(bag, 0)), child(child(bag, 1), 0)]
    if (kind === 'certBag' && nameOf(child(held, 0)) === 'x509Certificate') {
      const certificate = parsed(bytesOf(child(child(held, 1), 0)))
      certificates.push(...readable(() => pki.certificateFromAsn1(certificate)))
    }
    if (kind !== 'keyBag' && kind !== 'pkcs8ShroudedKeyBag') return
    const key = kind === 'keyBag' ? held : await decrypted(child(held, 0), child(held, 1))
    // The library knows RSA alone.
    keys.push(...readable(() => pki.privateKeyFromAsn1(key) as forge.pki.rsa.PrivateKey))
  }

  const [, safe, seal] = children(file)
  const content = bytesOf(child(child(needed(safe), 1), 0))
  if (seal) await verify(content, seal)
  for (const part of children(parsed(content))) {
    const inside = child(child(part, 1), 0)
    const encrypted = nameOf(child(part, 0)) === 'encryptedData' ? child(inside, 1) : null
    const bags = encrypted
      ? await decrypted(child(encrypted, 1), child(encrypted, 2))
      : parsed(bytesOf(inside))
    for (const bag of children(bags)) await take(bag)
  }
  return { certificates, keys }
}

/** Nothing of another kind than is looked for, such as a key on a curve. */
function readable<Found>(read: () => Found): readonly Found[] {
  try {
    return [read()]
  } catch {
    return []
  }
}
