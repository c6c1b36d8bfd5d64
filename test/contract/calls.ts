import type { Store } from '../../src/store/store.ts'

/**
 * The methods of the sub-stores, such as `devices.register`; for nested lists, such as
 * `listings.devices.step`.
 */
function methodsOf(store: object, path = ''): string[] {
  return Object.entries(store).flatMap(([name, member]) => {
    if (typeof member === 'function') return [path + name]
    return typeof member === 'object' && member !== null ? methodsOf(member, `${path}${name}.`) : []
  })
}

/** The store, and those of its methods that were never called. */
export function watched(store: Store): { readonly store: Store; uncalled(): readonly string[] } {
  const called = new Set<string>()
  const watch = <T extends object>(of: T, path: string): T =>
    new Proxy(of, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member === 'function') called.add(path + String(name))
        return typeof member === 'object' && member !== null
          ? watch(member, `${path}${String(name)}.`)
          : member
      },
    })
  return { store: watch(store, ''), uncalled: () => methodsOf(store).filter((method) => !called.has(method)) }
}
