/** The loaded messages of one conversation: a run of seqs without a gap, and messages ahead of it. */
import type { Message } from '@chat-widget/protocol'

export class MessageWindow {
  readonly #messages: Message[] = []
  /** Arrived before the messages between them and the run. */
  readonly #ahead = new Map<number, Message>()
  #head: number

  constructor(headSeq: number) {
    this.#head = headSeq
  }

  /** The last seq known to exist. */
  get head(): number {
    return this.#head
  }

  /** The cursor: the last seq held without a gap; 0 while nothing is held. */
  get last(): number {
    return this.#messages.at(-1)?.seq ?? 0
  }

  get first(): number {
    return this.#messages[0]?.seq ?? 0
  }

  get messages(): readonly Message[] {
    return this.#messages
  }

  /** True if messages after the cursor are missing. */
  get lacks(): boolean {
    return this.last < this.#head
  }

  raiseHead(seq: number): void {
    this.#head = Math.max(this.#head, seq)
  }

  /** Takes messages in any order and number of copies. Returns those that now extend the run, ascending. */
  receive(messages: readonly Message[]): readonly Message[] {
    for (const message of messages) {
      this.raiseHead(message.seq)
      if (message.seq > this.last) this.#ahead.set(message.seq, message)
    }
    // Before the first page has loaded, only the very first message may begin the run.
    return this.#advance()
  }

  /** Takes the newest page, which begins the run. */
  begin(page: readonly Message[]): readonly Message[] {
    if (this.#messages.length > 0) return this.receive(page)
    const [first] = page
    if (first === undefined) return []
    for (const message of page) this.#ahead.set(message.seq, message)
    for (const seq of this.#ahead.keys()) if (seq < first.seq) this.#ahead.delete(seq)
    this.raiseHead(first.seq)
    this.#take(first)
    return [first, ...this.#advance()]
  }

  /** Takes a page that ends just before the first message. */
  prepend(page: readonly Message[]): void {
    const older = page.filter((message) => message.seq < this.first)
    if (older.at(-1)?.seq === this.first - 1) this.#messages.unshift(...older)
  }

  /** Replaces a message of the run. */
  replace(message: Message): void {
    this.#messages[message.seq - this.first] = message
  }

  #advance(): readonly Message[] {
    const taken: Message[] = []
    for (let next = this.#ahead.get(this.last + 1); next; next = this.#ahead.get(this.last + 1)) {
      this.#take(next)
      taken.push(next)
    }
    return taken
  }

  #take(message: Message): void {
    this.#messages.push(message)
    this.#ahead.delete(message.seq)
  }
}
