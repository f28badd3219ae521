/** Values typed into forms that are not answered yet: kept beside the drafts, for who typed them ([CV11]). */
import { LIMITS } from '@chat-widget/protocol'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { DRAFTS_KEY, type KeptDrafts, ofOwner } from './kept-drafts.ts'

/** Forms with values that are kept: those typed into longest ago are dropped. */
const FORMS_AT_MOST = 20

export interface FormDraft {
  /** Typed values by the fields' names. */
  readonly values: Readonly<Record<string, string>>
  /** Does nothing once the visitor has signed out. */
  set(name: string, value: string): void
  /** Keeps nothing of it any more: the form was answered. */
  drop(): void
}

export interface KeptFormsPorts {
  readonly storage: Pick<ChatStorage, 'get' | 'update'>
  readonly identity: {
    readonly owner: string
    /** Aborted when the present visitor signs out. */
    readonly visit: AbortSignal
  }
}

/** Drafts of each visit, which leave the memory with it ([ID13]); the one used last is the last. */
const drafts = new WeakMap<AbortSignal, Map<string, FormDraft>>()

/**
 * Returns the draft of a form, the same as long as the visitor stays. `changed`: called when what is stored of it is there.
 * `form`: the message's id; a form that is not stored yet needs a name that is the same after a reload.
 */
export function formDraft(
  { parts }: { readonly parts: KeptFormsPorts },
  form: string,
  changed: () => void,
): FormDraft {
  const { visit } = parts.identity
  const own = drafts.get(visit) ?? new Map<string, FormDraft>()
  drafts.set(visit, own)
  const draft = own.get(form) ?? createDraft(parts, form, changed)
  own.delete(form)
  own.set(form, draft)
  for (const oldest of own.keys()) if (own.size > FORMS_AT_MOST) own.delete(oldest)
  return draft
}

function createDraft({ storage, identity }: KeptFormsPorts, form: string, changed: () => void): FormDraft {
  const { visit } = identity
  let values: Record<string, string> = {}
  let isStale = false
  let isWriting = false

  async function load(): Promise<void> {
    const stored = formsOf(await storage.get<KeptDrafts>(DRAFTS_KEY), identity.owner)[form]
    if (visit.aborted || stored === undefined) return
    // Values typed meanwhile are newer.
    values = { ...textsIn(stored), ...values }
    changed()
  }

  /** One write at a time: the values as of then. */
  async function write(): Promise<void> {
    isStale = true
    if (isWriting) return
    isWriting = true
    while (isStale) {
      isStale = false
      await storage.update<KeptDrafts | undefined>(DRAFTS_KEY, (kept) => {
        // [ID12] The next visitor's is not touched.
        if (visit.aborted) return kept
        const { owner } = identity
        const { [form]: _, ...others } = formsOf(kept, owner)
        const isEmpty = Object.values(values).every((value) => value === '')
        const forms = Object.entries(isEmpty ? others : { ...others, [form]: values }).slice(-FORMS_AT_MOST)
        return { owner, texts: ofOwner(kept, owner)?.texts ?? {}, forms: Object.fromEntries(forms) }
      })
    }
    isWriting = false
  }

  function keep(next: Record<string, string>): void {
    if (visit.aborted) return
    values = next
    void write()
  }

  void load()
  return {
    get values() {
      return visit.aborted ? {} : values
    },
    set: (name, value) => keep({ ...values, [name]: value.slice(0, LIMITS.longAnswerLength) }),
    drop() {
      if (Object.keys(values).length > 0) keep({})
    },
  }
}

/** Forms of an owner, by their messages' ids. */
const formsOf = (kept: KeptDrafts | undefined, owner: string): Readonly<Record<string, unknown>> =>
  ofOwner(kept, owner)?.forms ?? {}

/** Texts alone: what was stored by another version is not trusted. */
const textsIn = (stored: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(stored ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
