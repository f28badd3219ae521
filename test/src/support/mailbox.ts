/** Mails kept by a server with `--dev`. */
import { until } from './wait.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Newest first. */
export const mailsOf = async (server: string): Promise<readonly Mail[]> =>
  (await fetch(`${server}/dev/mailbox.json`)).json() as Promise<readonly Mail[]>

/** The approval page linked by a mail. */
export const linkIn = ({ text }: Mail): string | undefined => /^http\S+\/a\/\S+$/m.exec(text)?.[0]

/** The approval page linked by the newest mail to the address, once there is one. */
export async function linkTo(server: string, email: string): Promise<string> {
  let link: string | undefined
  await until(`a mail to ${email}`, async () => {
    const mail = (await mailsOf(server)).find(({ to }) => to === email)
    link = mail && linkIn(mail)
    return link !== undefined
  })
  return link ?? ''
}
