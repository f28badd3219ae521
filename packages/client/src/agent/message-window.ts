/** A gapless stretch of one conversation's messages: from the oldest that was read to the newest ([DL3] [DL4]). */
import type { Message } from '@chat-widget/protocol'

export class MessageWindow {
  #messages: Message[] = []
  /** What arrived beyond a gap. */
  readonly #ahead = new Map<number, Message>()
  #loaded = false
  #head = 0

  /** Whether the first page is there. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** In the order of seq, without gaps. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** The last seq held without a gap; 0 for none. */
  get cursor(): number {
    return this.#messages.at(-1)?.seq ?? 0
  }

  /** The first seq held; 0 for none. */
  get first(): number {
    return this.#messages[0]?.seq ?? 0
  }

  /** Whether the server is known to have messages beyond the cursor. */
  get behind(): boolean {
    return this.#head > this.cursor
  }

  /** The server told how far the conversation goes. */
  noteHead(seq: number): void {
    this.#head = Math.max(this.#head, seq)
  }

  /** The newest page, ascending. */
  load(page: readonly Message[], headSeq: number): void {
    this.#loaded = true
    this.noteHead(headSeq)
    this.#messages = [...page]
    this.#takeAhead()
  }

  /** The page before the first message, ascending; what does not adjoin is left out. */
  prepend(page: readonly Message[]): void {
    const older = page.filter((message) => message.seq < this.first)
    if (older.at(-1)?.seq === this.first - 1) {
      this.#messages = [...older, ...this.#messages]
    }
  }

  /** New messages in any order; known ones are ignored, early ones wait for what is missing. */
  receive(...messages: readonly Message[]): void {
    for (const message of messages) {
      this.noteHead(message.seq)
      if (!this.#loaded || message.seq > this.cursor) {
        this.#ahead.set(message.seq, message)
      }
    }
    if (this.#loaded) {
      this.#takeAhead()
    }
  }

  #takeAhead(): void {
    const next: Message[] = []
    for (let seq = this.cursor + 1; ; seq += 1) {
      const message = this.#ahead.get(seq)
      if (message === undefined) {
        break
      }
      next.push(message)
    }
    if (next.length > 0) {
      this.#messages = [...this.#messages, ...next]
    }
    for (const seq of this.#ahead.keys()) {
      if (seq <= this.cursor) {
        this.#ahead.delete(seq)
      }
    }
  }
}
