/** Finds the kind of a posted body, without the schemas. */
import type { PostedBody, PostedKind } from './message.ts'

/** The key by which each kind's bodies are known. */
const KEYS: { readonly [K in PostedKind]: keyof PostedBody<K> } = {
  login: 'login',
  cards: 'cards',
  form: 'form',
  'form-answer': 'values',
  // Before `text`, which stands beside a file as well.
  file: 'file',
  text: 'text',
}

export const postedKind = (body: PostedBody): PostedKind =>
  (Object.keys(KEYS) as PostedKind[]).find((kind) => KEYS[kind] in body) ?? 'text'
