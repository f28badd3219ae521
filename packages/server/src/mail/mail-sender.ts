/** Interface of anything that sends mail. */

export interface Mail {
  /** One address, without a name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Address that unsubscribes by one click (RFC 8058), for mails that nobody asked for. */
  readonly unsubscribe?: string
  /** Left part of the Message-ID: the same mail again is recognised by it. Default: a random one. */
  readonly key?: string
}

export interface MailSender {
  /**
   * Resolves when the mail was accepted for delivery. Rejects with `RecipientRefused` if the same mail will never be
   * accepted; any other error may be retried. Rejects once the signal aborts.
   */
  send(mail: Mail & { readonly signal: AbortSignal }): Promise<void>
}

export class RecipientRefused extends Error {
  override readonly name = 'RecipientRefused'
}

/** Its message repeats no text of the server, which may quote the mail and the link in it. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent'
}
