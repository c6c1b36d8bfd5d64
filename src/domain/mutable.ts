/** The same type with members that may be assigned, for a value that is put together step by step. */
export type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] }
