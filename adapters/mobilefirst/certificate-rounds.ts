import type forge from 'node-forge'

type Forge = typeof forge
type Node = forge.asn1.Asn1

/** Names of the standard's structures (RFC 7292, RFC 8018). */
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const SHROUDED_KEY = '1.2.840.113549.1.12.10.1.2'
const PBES2 = '1.2.840.113549.1.5.13'

/** The library's own decryption, which its types leave out. */
interface Decryption {
  getCipher(oid: string, parameters: Node, password: string): forge.cipher.BlockCipher
}

/**
 * The rounds of key derivation for which a PKCS#12 file asks: of its seal, of its encrypted contents and of the keys in
 * them. As soon as there are more than `most`, nothing more is looked at. Throws for what is no such file.
 */
export function roundsOf(library: Forge, file: Node, password: string, most: number): number {
  const oidOf = (node: Node) => library.asn1.derToOid(bytesOf(node))
  const parsed = (bytes: string) => library.asn1.fromDer(library.util.createBuffer(bytes))
  const [, safe, seal] = children(file)
  let rounds = seal?.value[2] === undefined ? 0 : numberOf(child(seal, 2))

  /** The key of each bag has rounds of its own. */
  function addKeys(bags: Node): void {
    for (const bag of children(bags)) {
      if (oidOf(child(bag, 0)) !== SHROUDED_KEY) continue
      rounds += algorithmRounds(child(child(child(bag, 1), 0), 0))
    }
  }

  function algorithmRounds(algorithm: Node): number {
    const parameters = child(algorithm, 1)
    if (oidOf(child(algorithm, 0)) !== PBES2) return numberOf(child(parameters, 1))
    return numberOf(child(child(child(parameters, 0), 1), 1))
  }

  function decrypted(algorithm: Node, content: Node): Node {
    const { pbe } = library as unknown as { pbe: Decryption }
    const cipher = pbe.getCipher(oidOf(child(algorithm, 0)), child(algorithm, 1), password)
    cipher.update(library.util.createBuffer(bytesOf(content)))
    if (!cipher.finish()) throw new Error('the content does not decrypt')
    return parsed(cipher.output.getBytes())
  }

  for (const content of children(parsed(bytesOf(child(child(needed(safe), 1), 0))))) {
    const inside = child(child(content, 1), 0)
    if (oidOf(child(content, 0)) === ENCRYPTED_DATA) {
      const [, algorithm, encrypted] = children(child(inside, 1))
      rounds += algorithmRounds(needed(algorithm))
      if (rounds > most) return rounds
      addKeys(decrypted(needed(algorithm), needed(encrypted)))
    } else addKeys(parsed(bytesOf(inside)))
    if (rounds > most) return rounds
  }
  return rounds
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a member is missing')
  return value
}

function children({ value }: Node): Node[] {
  if (typeof value === 'string') throw new Error('a primitive has no members')
  return value
}

const child = (node: Node, at: number): Node => needed(children(node)[at])

/** The octets of a node, which may come in pieces. */
const bytesOf = ({ value }: Node): string => (typeof value === 'string' ? value : value.map(bytesOf).join(''))

/** A whole number; a longer one than a count of rounds ever is counts as endless. */
function numberOf(node: Node): number {
  const bytes = bytesOf(node)
  if (bytes.length > 5) return Number.POSITIVE_INFINITY
  return [...bytes].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0)
}
