declare module 'autocannon' {
  interface Request {
    method?: string
    path?: string
    headers?: Readonly<Record<string, string>>
    body?: string
    setupRequest?: (request: Request) => Request
  }
  interface Options {
    url: string
    connections: number
    duration: number
    /** Milliseconds between its checks of the time. */
    sampleInt?: number
    requests: Request[]
  }
  interface Instance extends PromiseLike<unknown> {
    on(event: 'response', heard: (client: unknown, status: number, bytes: number, ms: number) => void): this
    on(event: 'reqError', heard: (error: Error) => void): this
  }
  function autocannon(options: Options): Instance
  export = autocannon
}
