/** Output of the running demo: addresses, sign-ins and a tour of the product. */
import type { Demo } from './start.ts'

interface GuideOptions {
  /** True if the terminal shows colours. */
  readonly color: boolean
}

export function describeDemo(demo: Demo, { color }: GuideOptions): string {
  const paint = (code: number) => (text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const bold = paint(1)
  const dim = paint(2)
  const link = paint(36)
  const [alex, sam] = demo.customers

  const place = (name: string, url: string, note: string) =>
    `  ${bold(name.padEnd(8))} ${link(url.padEnd(32))} ${dim(note)}`
  const person = (name: string, { email, password }: { email: string; password: string }) =>
    `  ${name.padEnd(8)} ${email.padEnd(32)} ${password}`
  const step = (number: number, title: string, text: string) =>
    `  ${bold(`${number}`)}  ${bold(title)}\n     ${dim(text)}`

  return [
    '',
    bold('Northwind is open.'),
    '',
    place('Shop', demo.shopUrl, 'the host site; /embed is the one-tag way'),
    place('Gallery', `${demo.shopUrl}/gallery`, 'every state of the chat, in every look'),
    place('Console', demo.consoleUrl, 'where agents answer'),
    place('Chat', demo.chatUrl, 'the server behind both'),
    '',
    dim('  Sign in with'),
    ...(alex === undefined ? [] : [person('Customer', alex)]),
    ...(sam === undefined ? [] : [person('', sam)]),
    person('Agent', demo.agent),
    '',
    dim('  Try'),
    step(1, 'Say hello', 'Open the chat in the shop and write. Reload: the conversation is still there.'),
    step(2, 'Ask “Where is my order?”', 'The bot answers with a card that asks you to sign in.'),
    step(3, 'Sign in', `Tap the card, sign in as ${alex?.email}. The question you asked is answered.`),
    step(
      4,
      'Send it back',
      `An order comes as a card: tap it, fill in the form, attach a picture of what broke. Sam’s tent did, and looks so: ${demo.shopUrl}/assets/img/broken-tent.jpg. An agent is asked.`,
    ),
    step(
      5,
      'Wait a minute and ask again',
      'The token has expired; watch the log renew it. You notice nothing.',
    ),
    step(
      6,
      'Be the agent',
      'Open the console, answer, and run “orders” under Actions: an anonymous visitor is asked to sign in first. Of Alex you see what the token proves, and a plan that nobody verified.',
    ),
    step(
      7,
      'Sign in without a password',
      `“Email me a link” in the shop's sign-in: the mail is at ${demo.chatUrl}/dev/mailbox. Or with an authenticator, which you make and connect at ${demo.shopUrl}/authenticator.`,
    ),
    step(
      8,
      'Let the chat sign you in',
      'Beside the chat, “Who handles sign-in” is the shop. Make it the chat itself, and ask for your order as a visitor.',
    ),
    step(
      9,
      'Read the log beside the chat',
      'Every event of the widget, every call of the provider, as they happen.',
    ),
    '',
    dim(`  Data in ${demo.dataDir} · Ctrl-C stops everything`),
    '',
  ].join('\n')
}
