/** Text being written, stored across reloads, for its writer only. */
import type { ResilientStorage } from '../storage/resilient-storage.ts'

const KEY = 'draft'
/** Least interval of writes to storage. Milliseconds. */
const SAVE_AFTER_MS = 300

type DraftStorage = Pick<ResilientStorage, 'get' | 'set'>

interface StoredDraft {
  readonly owner: string
  readonly text: string
}

export class Draft {
  readonly #storage: DraftStorage
  readonly #anonymous: string
  #owner: string
  #text = ''
  #touched = false
  readonly #tell: (text: string) => void
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * `anonymous`: the first owner, whose text goes along to the owner they turn out to be. `tell`: sends the draft to
   * the visitor's other tabs, which show it too.
   */
  constructor(storage: DraftStorage, anonymous: string, tell: (text: string) => void) {
    this.#storage = storage
    this.#anonymous = anonymous
    this.#owner = anonymous
    this.#tell = tell
  }

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    if (text === this.#text) return
    this.#touched = true
    this.#text = text
    this.#timer ??= setTimeout(() => void this.#write(), SAVE_AFTER_MS)
  }

  /** Loads the stored text, unless something was written since or it belongs to another owner. */
  async load(): Promise<void> {
    const stored = await this.#storage.get<StoredDraft>(KEY)
    if (stored === undefined || this.#touched) return
    if (stored.owner === this.#owner || stored.owner === this.#anonymous) this.#text = stored.text
  }

  /** Takes the draft of another tab of the owner, unless a newer one is about to be stored here. */
  follow(text: string): void {
    if (this.#timer !== undefined) return
    this.#touched = true
    this.#text = text
  }

  /** Sets the owner. */
  async own(owner: string): Promise<void> {
    if (owner === this.#owner) return
    this.#owner = owner
    await (this.#text === '' ? this.load() : this.#write())
  }

  /** `next`: the next owner. */
  async purge(next: string): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#text = ''
    this.#touched = false
    this.#owner = next
    await this.#storage.set(KEY, undefined)
  }

  /** Stores unsaved text. */
  async save(): Promise<void> {
    if (this.#timer !== undefined) await this.#write()
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#tell(this.#text)
    await this.#storage.set(KEY, { owner: this.#owner, text: this.#text } satisfies StoredDraft)
  }
}
