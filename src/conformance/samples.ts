/** Sends requests to a server of a dialect. */
export interface Caller {
  request(
    method: string,
    path: string,
    init?: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown },
  ): Promise<Response>
}

/** An app at the server, and the data that its clients have. */
export interface Tenant {
  readonly h: Caller
  /** The dialect's part of the app document, with every secret that was generated. */
  readonly dialect: Readonly<Record<string, unknown>>
  /** The result of `Samples.headers`; sent with every call that does not set the same header itself. */
  readonly headers: Readonly<Record<string, string>>
}

/** A phone's values, both unique per test. Dialects that identify devices by token ignore the id. */
export interface Phone {
  /** A lower-case UUID. */
  readonly id: string
  /** A text in the form of an FCM registration token. */
  readonly token: string
}

/** One request. A body that is not a string is sent as JSON with its content type. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** One answer, read whole; `json` is undefined where the body is no JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

/** The expected answer: a success of the dialect, or this status with at least these members. */
export type Expected =
  | 'accepted'
  | { readonly status: number; readonly body?: Readonly<Record<string, unknown>> }

/** Faults that every dialect answers in its own form. */
export interface ExpectedAnswers {
  readonly unknownPath: Expected
  readonly wrongVerb: Expected
  /** A broken percent-escape, sent where `Samples.brokenEscape` puts it. */
  readonly brokenEscape: Expected
  /** An address of 9,000 characters. */
  readonly tooLong: Expected
  /** A registration whose body is empty, cut off, or no JSON at all. */
  readonly malformedBody: Expected
  /** A registration whose body is `null`, a list, a number or a string. */
  readonly notAnObject: Expected
  /** 2 MiB of valid registration. */
  readonly tooLarge: Expected
  /** A valid registration with one member that nests 33 levels deep. */
  readonly tooDeep: Expected
  readonly notUtf8: Expected
  /** A valid registration with one member that the dialect does not have. */
  readonly unknownField: Expected
  readonly missingContentType: Expected
  /** `text/plain` and `application/x-www-form-urlencoded`. */
  readonly otherContentType: Expected
  /** `Application/JSON; charset=UTF-8`. */
  readonly oddContentType: Expected
  readonly unknownApp: Expected
  /** The path of a registration with a trailing slash. */
  readonly trailingSlash: Expected
  /** OPTIONS on the path of a registration: a browser's preflight. */
  readonly options: Expected
  /** An exception inside the gateway. */
  readonly internal: Expected
  /** The database is unavailable: the answer must make this vendor's SDK retry. */
  readonly unavailable: Expected
}

/**
 * A dialect's requests for the suite. An optional sample is omitted if the dialect has no such call; the
 * tests that need it then fail unless `lacks` says why.
 */
export interface Samples {
  /** The dialect's part of a fresh app's document; by default everything is generated. Fresh at each call. */
  readonly setup?: () => Readonly<Record<string, unknown>>
  /** Headers for every call of a tenant, such as an access token, which may be fetched first. */
  readonly headers?: (
    h: Caller,
    dialect: Tenant['dialect'],
  ) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>
  /** A registration with a JSON object as its body. The same phone gives the same body. */
  readonly register: (tenant: Tenant, phone: Phone) => Call
  /** The device's external id (as the admin API shows it) from the answer to its registration. */
  readonly deviceId: (answer: Answer, phone: Phone) => string
  /** The registration of a phone in an app that does not exist. */
  readonly unknownApp: (tenant: Tenant, phone: Phone) => Call
  /** A well-formed device id that no device has. */
  readonly unknownId: () => string
  /** Every call that names a device, and its answer if the device is unknown, removed or of another app. */
  readonly deviceCalls: readonly {
    readonly what: string
    readonly call: (tenant: Tenant, device: string) => Call
    readonly unknown: Expected
  }[]
  /** Reads a device by GET. */
  readonly read?: (tenant: Tenant, device: string) => Call
  /** Removes a device. */
  readonly unregister?: (tenant: Tenant, device: string, phone: Phone) => Call
  /** Gives a device this token, which replaces its current one. */
  readonly moveToken?: (tenant: Tenant, device: { id: string; phone: Phone }, token: string) => Call
  readonly topics?: {
    /**
     * Subscribes a device to names, in one call or several. Creates the topics first if the dialect requires
     * that.
     */
    readonly subscribe: (tenant: Tenant, device: string, names: readonly string[]) => readonly Call[]
    /** Unsubscribes a device; omitted if no plain request does that. */
    readonly unsubscribe?: (tenant: Tenant, device: string, names: readonly string[]) => readonly Call[]
    /** The nth of many valid names. */
    readonly name: (n: number) => string
    /** Valid names that must be escaped in a path, or that often cause errors in other systems. */
    readonly odd: readonly string[]
  }
  /** A call within the dialect's bases with a method that its path does not support. */
  readonly wrongVerb: (tenant: Tenant) => Call
  /** A call whose path contains `%zz` or `%ff`. */
  readonly brokenEscape: (tenant: Tenant, device: string) => Call
  /** Paths without an endpoint. */
  readonly unknownPaths: (tenant: Tenant) => readonly string[]
  /**
   * Every further refusal: each required member missing, each member with a wrong type, wrong credentials.
   */
  readonly refusals: readonly {
    readonly what: string
    readonly call: (tenant: Tenant, phone: Phone, device: string) => Call
    readonly answer: Exclude<Expected, 'accepted'>
  }[]
  /** Throws if an answer is not in the dialect's success form; by default any status from 200 to 299 is. */
  readonly success?: (answer: Answer) => void
  /** Throws if an answer is not in the dialect's error form. */
  readonly errorForm: (answer: Answer) => void
  readonly answers: ExpectedAnswers
}
