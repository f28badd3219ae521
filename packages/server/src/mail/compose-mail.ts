/** Chooses how mail leaves this server, from its configuration. */
import type { AppId } from '@chat-widget/protocol'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { DeliveryRefused, type RequestDelivery } from '../authentication-requests/authentication-requests.ts'
import { DEFAULT_LANGUAGE } from '../authentication-requests/locale.ts'
import { createMailDelivery } from '../authentication-requests/mail-delivery.ts'
import type { ServerConfig } from '../config/config.ts'
import type { LiveApps } from '../config/live-apps.ts'
import type { MailSender } from './mail-sender.ts'
import { createMailbox } from './mailbox.ts'
import { registerMailbox } from './mailbox-routes.ts'
import { createSmtpSender } from './smtp-sender.ts'

export interface ComposedMail {
  /** For requests by email. */
  readonly delivery: RequestDelivery
  /** The mailbox's pages, where mail is kept in memory. */
  registerRoutes(http: FastifyInstance): void
}

/** SMTP where there is an address; else the mailbox with `--dev`; else no request by email can be delivered. */
export function composeMail(
  config: Pick<ServerConfig, 'dev' | 'mail'>,
  { list, byId }: Pick<LiveApps, 'list' | 'byId'>,
  logger: Pick<FastifyBaseLogger, 'warn'>,
): ComposedMail {
  const { dev, mail } = config
  const deliveryBy = (sender: MailSender) =>
    createMailDelivery({
      sender,
      appName: (id: AppId) => byId.get(id)?.name ?? id,
      language: (id: AppId) => byId.get(id)?.locale ?? DEFAULT_LANGUAGE,
    })
  if (mail !== undefined)
    return { delivery: deliveryBy(createSmtpSender(mail)), registerRoutes: () => undefined }
  if (dev) {
    const mailbox = createMailbox()
    return { delivery: deliveryBy(mailbox), registerRoutes: (http) => registerMailbox(http, mailbox) }
  }
  const affected = list.filter(({ login }) => login.methods.includes('email')).map(({ id }) => id)
  if (affected.length > 0) logger.warn({ apps: affected }, 'login by email needs "mail" in the configuration')
  return { delivery: NO_MAIL, registerRoutes: () => undefined }
}

const NO_MAIL: RequestDelivery = {
  deliver: () => Promise.reject(new DeliveryRefused('there is no "mail" in the configuration')),
}
