/** Mail in development: kept in memory and shown on a page. */
import type { Mail, MailSender } from './mail-sender.ts'

export interface ReceivedMail extends Mail {
  /** ISO 8601. */
  readonly at: string
}

export interface Mailbox extends MailSender {
  /** Newest first. */
  readonly mails: readonly ReceivedMail[]
}

const CAPACITY = 100

/** Keeps the last 100. */
export function createMailbox({ now = Date.now }: { readonly now?: () => number } = {}): Mailbox {
  let mails: readonly ReceivedMail[] = []
  return {
    async send({ signal, ...mail }) {
      signal.throwIfAborted()
      mails = [{ ...mail, at: new Date(now()).toISOString() }, ...mails].slice(0, CAPACITY)
    },
    get mails() {
      return mails
    },
  }
}
