/** Delivers requests to email addresses. */
import type { AppId } from '@chat-widget/protocol'
import { type MailSender, RecipientRefused } from '../mail/mail-sender.ts'
import type { Language } from '../text/language.ts'
import { DeliveryRefused, type RequestDelivery } from './authentication-requests.ts'
import { requestMail } from './request-mail.ts'

export interface MailDeliveryOptions {
  /** `null`: no mail can be sent, and no request is delivered. */
  readonly sender: MailSender | null
  readonly appName: (app: AppId) => string
  /** Language of the app's mails. */
  readonly language: (app: AppId) => Language
  /** Default `Date.now`. */
  readonly now?: () => number
}

export function createMailDelivery(options: MailDeliveryOptions): RequestDelivery {
  const { sender, appName, language, now = Date.now } = options
  return {
    async deliver({ record, link, signal }) {
      if (sender === null) throw new DeliveryRefused('there is no "mail" in the configuration')
      const { addressee, app } = record
      if (addressee.kind !== 'email') throw new DeliveryRefused('mail goes to email addresses only')
      const mail = requestMail({ record, appName: appName(app), link, language: language(app), now: now() })
      try {
        await sender.send({ to: addressee.email, ...mail, signal })
      } catch (error) {
        throw error instanceof RecipientRefused ? new DeliveryRefused(error.message) : error
      }
    },
  }
}
