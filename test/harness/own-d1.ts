/** The same database behind a binding of its own: the Worker takes whoever brings it for another isolate. */
export function ownBinding<T extends object>(d1: T): T {
  return new Proxy(d1, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name)
      return typeof member === 'function' ? member.bind(of) : member
    },
  })
}
