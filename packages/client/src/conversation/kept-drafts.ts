/** Drafts of the conversations that are not shown ([CV3]). Loaded when a visitor goes to another conversation. */
import type { Conversation } from '@chat-widget/protocol'
import { ANONYMOUS } from '../identity/states.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { Draft } from './draft.ts'

export const DRAFTS_KEY = 'drafts'
/** Most drafts kept: those put away first are dropped. */
const DRAFTS_AT_MOST = 20

/** By conversation; empty: of the next new one. */
export type DraftTexts = Readonly<Record<string, string>>

export interface KeptDrafts {
  readonly owner: string
  readonly texts: DraftTexts
  /** See kept-forms.ts. */
  readonly forms?: Readonly<Record<string, unknown>>
}

export type Place = Pick<Conversation, 'headSeq'> & { readonly id: Conversation['id'] | null }

/** A conversation is known by its id from its first message on. */
const keyOf = ({ id, headSeq }: Place): string => (id === null || headSeq === 0 ? '' : id)

/** An anonymous visitor's are those of the user they turn out to be. */
export const ofOwner = (kept: KeptDrafts | undefined, owner: string): KeptDrafts | undefined =>
  kept?.owner === owner || kept?.owner === ANONYMOUS ? kept : undefined

export async function keptDrafts(storage: Pick<ChatStorage, 'get'>, owner: string): Promise<DraftTexts> {
  return ofOwner(await storage.get<KeptDrafts>(DRAFTS_KEY), owner)?.texts ?? {}
}

/** Puts the draft away with the conversation that is left, and takes up that of the next one. */
export async function swapDrafts(
  storage: Pick<ChatStorage, 'update'>,
  draft: Draft,
  owner: string,
  left: Place,
  next: Place,
): Promise<void> {
  const [from, to] = [keyOf(left), keyOf(next)]
  if (from === to) return
  const { text } = draft
  let found = ''
  await storage.update<KeptDrafts>(DRAFTS_KEY, (kept) => {
    const mine = ofOwner(kept, owner)
    const { [to]: own = '', [from]: _, ...others } = mine?.texts ?? {}
    found = own
    const texts = Object.entries(text === '' ? others : { ...others, [from]: text })
    return { ...mine, owner, texts: Object.fromEntries(texts.slice(-DRAFTS_AT_MOST)) }
  })
  // The visitor went on writing meanwhile: that text goes along.
  if (draft.text !== text) return
  draft.text = found
  await draft.save()
}
