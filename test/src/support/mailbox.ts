/** What a server with `--dev` kept of the mails it would have sent. */
import { until } from './wait.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The newest first. */
export const mailsOf = async (server: string): Promise<readonly Mail[]> =>
  (await fetch(`${server}/dev/mailbox.json`)).json() as Promise<readonly Mail[]>

/** The approval page that a mail links to. */
export const linkIn = ({ text }: Mail): string | undefined => /^http\S+\/a\/\S+$/m.exec(text)?.[0]

/** The approval page that the newest mail to the address links to, once there is one. */
export async function linkTo(server: string, email: string): Promise<string> {
  let link: string | undefined
  await until(`a mail to ${email}`, async () => {
    const mail = (await mailsOf(server)).find(({ to }) => to === email)
    link = mail && linkIn(mail)
    return link !== undefined
  })
  return link ?? ''
}
