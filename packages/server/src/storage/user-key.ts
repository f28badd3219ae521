/**
 * Users of an app, in the one column that identifies them: an approved email address or identifier, and a host's user
 * of the same name, are two people ([AR15]).
 */
import type { BuiltInMethod, LoginMethod } from '@chat-widget/protocol'

export interface UserName {
  readonly userIdentifier: string
  /** The method that proved it. */
  readonly method: LoginMethod
}

const PREFIXES = ['host', 'email', 'identifier'] as const satisfies readonly LoginMethod[]

/** A host's identifier stays as it is, unless it looks like a key of another method. */
export function userKey({ userIdentifier, method }: UserName): string {
  const isPlain = method === 'host' && PREFIXES.every((prefix) => !userIdentifier.startsWith(`${prefix}:`))
  return isPlain ? userIdentifier : `${method}:${userIdentifier}`
}

export function userOfKey(key: string): UserName {
  const method = PREFIXES.find((prefix) => key.startsWith(`${prefix}:`))
  return method === undefined
    ? { userIdentifier: key, method: 'host' }
    : { userIdentifier: key.slice(method.length + 1), method }
}

/** For the wire, on which the host is not named. */
export const builtInMethodOf = (method: LoginMethod | null): { readonly method?: BuiltInMethod } =>
  method === null || method === 'host' ? {} : { method }
