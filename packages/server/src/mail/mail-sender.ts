/** What can send a mail. */

export interface Mail {
  /** One address, without a name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface MailSender {
  /**
   * Resolves when the mail was taken over for delivery. Rejects with `RecipientRefused` where the same mail will never
   * be taken; anything else may be tried again. Once the signal aborts it gives up and rejects.
   */
  send(mail: Mail & { readonly signal: AbortSignal }): Promise<void>
}

export class RecipientRefused extends Error {
  override readonly name = 'RecipientRefused'
}

/** Its message holds no word of the server: what that says may repeat the mail, and the link in it. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent'
}
