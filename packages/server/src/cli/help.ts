/** The text of `--help`; its flags come from their parser's table. */
import { FLAGS } from '../config/flags.ts'

const left = (name: string, value: string | undefined): string =>
  `  --${name}${value === undefined ? '' : ` ${value}`}`.padEnd(24)

export const helpText = (): string =>
  `Usage: chat-widget-server [flags]
       chat-widget-server agent add NAME --email E [--password-stdin] [--data DIR] [--database-url URL]
       chat-widget-server api-key

Starts the chat server, or makes an agent's account, or a key for an app's REST interface.
When the server is ready it prints one line that ends in its address. SIGTERM drains and exits with 0.
SIGHUP reads the configuration file again.

Flags, and the environment variable that stands in for each:
${FLAGS.map(({ name, value, variable, help }) => `${left(name, value)}${help} (${variable})`).join('\n')}
  --help, --version

LOG_LEVEL: fatal, error, warn, info (default), debug, trace or silent; logs go to standard error.`
