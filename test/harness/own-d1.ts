/** The same database behind another binding, which makes the Worker treat the caller as another isolate. */
export function ownBinding<T extends object>(d1: T): T {
  return new Proxy(d1, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name)
      return typeof member === 'function' ? member.bind(of) : member
    },
  })
}
