/** Finds what the visitor answered to a message: the choice, the form's values, the sign-in. */
import type { AgentTimelineItem } from '@chat-widget/client/agent'
import { answeredSeq, type Message } from '@chat-widget/protocol'

export class Answers {
  readonly #answers = new Map<number, Message>()
  readonly #forms = new Map<number, Message<'form'>>()
  #signedInSeq = 0

  constructor(items: readonly AgentTimelineItem[] = []) {
    for (const item of items) {
      if (item.kind !== 'stored') continue
      const { message } = item
      const to = answeredSeq(message)
      if (to !== undefined) this.#answers.set(to, message)
      if (message.kind === 'form') this.#forms.set(message.seq, message)
      if (message.kind === 'event' && message.event.type === 'signed-in') this.#signedInSeq = message.seq
    }
  }

  /** The message that answers the one of this seq, if it is loaded. */
  to(seq: number): Message | undefined {
    return this.#answers.get(seq)
  }

  /** Value of the quick reply or button that was taken. */
  choiceOf(seq: number): string | null {
    const answer = this.to(seq)
    return answer?.kind === 'text' ? (answer.reply?.value ?? null) : null
  }

  /** The form of this seq, if it is loaded. */
  formOf(seq: number): Message<'form'> | undefined {
    return this.#forms.get(seq)
  }

  /** True if the conversation went on signed in after this seq. */
  isSignedInAfter(seq: number): boolean {
    return this.#signedInSeq > seq
  }
}

const known = new WeakMap<readonly AgentTimelineItem[], Answers>()

/** Its cost is the history's length, once for each of its states. */
export function answersIn(items: readonly AgentTimelineItem[]): Answers {
  const answers = known.get(items) ?? new Answers(items)
  known.set(items, answers)
  return answers
}
