/** Finds the kind of a posted body, without the schemas. */
import type { PostedBody, PostedKind } from './message.ts'

/** `kinds`: any table keyed by them. A body without a key named for a kind is text. */
export function postedKind(body: PostedBody, kinds: Readonly<Record<PostedKind, unknown>>): PostedKind {
  const named = Object.keys(kinds).find((kind) => kind !== 'text' && kind in body)
  return (named ?? 'text') as PostedKind
}
