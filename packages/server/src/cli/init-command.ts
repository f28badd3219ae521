/** `chat-widget-server init [FILE]`: a configuration to begin with, in a file or on standard output. */
import { writeFileSync } from 'node:fs'
import { ConfigurationError } from '../config/configuration-error.ts'
import { parseFlags } from '../config/flags.ts'
import { cannotWrite } from './cannot-write.ts'
import { printLine, type Terminal } from './terminal.ts'

const DEFAULT_FILE = 'chat.jsonc'

/** What is commented out is complete: remove the slashes, and put your own values in. */
export const INITIAL_CONFIG = `// Configuration of chat-widget-server: JSON with comments. Any string may be { "env": "NAME" } instead.
// The server reads it again on SIGHUP.
{
  "apps": [
    {
      // Pages name the app by it: <chat-widget app="shop">.
      "id": "shop",
      // What visitors read in mails.
      "name": "My shop",
      // Pages of these origins may connect. * stands for any port, or for one leading label.
      "origins": ["http://localhost:*", "http://127.0.0.1:*"],

      // Signed-in customers: your backend signs a short-lived JWT whose sub is the customer.
      // "context": {
      //   "kind": "jwt",
      //   "algorithms": ["HS256"],
      //   "secret": { "env": "CHAT_JWT_SECRET" },
      //   "issuer": "https://shop.example.com",
      //   "audience": "chat"
      // },

      // Who answers first. Without a bot, agents do, in the console.
      // "bot": { "url": "https://shop.example.com/bot", "secret": { "env": "CHAT_BOT_SECRET" } },

      // Keys of the REST interface, as hashes: chat-widget-server api-key makes one.
      // "apiKeys": [{ "env": "CHAT_API_KEY_HASH" }],
    },
  ],

  // Where others reach this server. With a path, https://example.com/chat, it answers below it.
  // "publicUrl": "https://chat.example.com",

  // Proxies in front of it that run on other machines.
  // "trustedProxies": ["loopback", "10.0.0.0/8"],

  // For login by email.
  // "mail": { "smtpUrl": { "env": "CHAT_SMTP_URL" }, "from": "My shop <chat@shop.example.com>" },
}
`

export function initCommand(argv: readonly string[], terminal: Terminal): number {
  const { positionals } = parseFlags(argv, [])
  const [file = DEFAULT_FILE, surplus] = positionals
  if (surplus !== undefined) throw new ConfigurationError(surplus, 'unknown argument')
  if (file === '-') {
    terminal.stdout.write(INITIAL_CONFIG)
    return 0
  }
  try {
    writeFileSync(file, INITIAL_CONFIG, { flag: 'wx' })
  } catch (error) {
    throw cannotWrite(error, file)
  }
  // As it was called: by npx, the command is not on the path.
  const command = `${terminal.env.npm_command === 'exec' ? 'npx ' : ''}chat-widget-server`
  printLine(
    terminal.stdout,
    `wrote ${file}

1. Make an account for yourself, and start the server:
     ${command} agent add "Your Name" --email you@example.com
     ${command} --config ${file}
2. Put the chat on a page of your site:
     <script async src="http://127.0.0.1:8080/embed.js" data-app="shop"></script>
3. Answer in the console: http://127.0.0.1:8080/console/

Before others use it, set "origins" and "publicUrl" in ${file}.`,
  )
  return 0
}
