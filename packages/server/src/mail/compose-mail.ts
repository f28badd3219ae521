/** Chooses from the configuration how mail is sent. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { AppConfig, ServerConfig } from '../config/config.ts'
import type { MailSender } from './mail-sender.ts'

export interface ComposedMail {
  /** `null` if no mail can be sent. */
  readonly sender: MailSender | null
  /** Registers the mailbox's pages, if mail is kept in memory. */
  registerRoutes(http: FastifyInstance): void
}

/** SMTP if there is an address; else the mailbox with `--dev`; else none. */
export async function composeMail(
  { dev, mail, apps }: Pick<ServerConfig, 'dev' | 'mail' | 'apps'>,
  logger: Pick<FastifyBaseLogger, 'warn'>,
): Promise<ComposedMail> {
  // Each is loaded where it is used.
  if (mail !== undefined) {
    const { createSmtpSender } = await import('./smtp-sender.ts')
    return { sender: createSmtpSender(mail), registerRoutes: () => undefined }
  }
  if (dev) {
    const [{ createMailbox }, { registerMailbox }] = await Promise.all([
      import('./mailbox.ts'),
      import('./mailbox-routes.ts'),
    ])
    const mailbox = createMailbox()
    return { sender: mailbox, registerRoutes: (http) => registerMailbox(http, mailbox) }
  }
  const affected = (what: string, needsMail: (app: AppConfig) => boolean) => {
    const ids = apps.filter(needsMail).map(({ id }) => id)
    if (ids.length > 0) logger.warn({ apps: ids }, `${what} needs "mail" in the configuration`)
  }
  affected('login by email', ({ login }) => login.methods.includes('email'))
  affected('"unreadMail"', ({ unreadMail }) => unreadMail !== undefined)
  return { sender: null, registerRoutes: () => undefined }
}
