/** Tells the kind of a posted body, without the schemas. */
import type { PostedBody, PostedKind } from './message.ts'

/** `kinds`: any table of them. Text is the kind of a body with no key named for another. */
export function postedKind(body: PostedBody, kinds: Readonly<Record<PostedKind, unknown>>): PostedKind {
  const named = Object.keys(kinds).find((kind) => kind !== 'text' && kind in body)
  return (named ?? 'text') as PostedKind
}
