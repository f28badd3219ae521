/** The text of `--help`; its flags come from their parser's table. */
import { FLAGS } from '../config/flags.ts'

const left = (name: string, value: string | undefined): string =>
  `  --${name}${value === undefined ? '' : ` ${value}`}`.padEnd(26)

export const helpText = (): string =>
  `Usage: chat-widget-server [COMMAND] [flags]

To try it out:            chat-widget-server --dev, and open its address in a browser
To begin:                 chat-widget-server init

Commands:
  serve                   start the server: the default
  init [FILE]             write a configuration to begin with, default chat.jsonc; - for standard output
  agent add NAME --email E [--role owner|admin|agent|reader] [--app ID]… [--avatar URL] [--password-stdin]
                          make an account: of all apps, or of those named; the first one is an owner
  agent apps EMAIL all|ID[,ID…]
                          change the apps that the agent belongs to
  agent avatar EMAIL URL  show visitors this picture (https) beside what the agent writes, none: no picture
  agent list              print email, role, name and apps of each account, with tabs between
  agent password EMAIL [--password-stdin]
                          give a new password and sign the agent out
  agent role EMAIL owner|admin|agent|reader
                          change the role
  agent sessions EMAIL    print where the agent is signed in: id, since, last use, method and device
  agent sign-out EMAIL [ID]
                          end all sessions of the agent, or one
  agent unlink EMAIL      forget who comes in by single sign-on: the next one with this email is bound to the account
  agent remove EMAIL      delete an account and sign the agent out; what they wrote keeps their name
  audit [--since DATE]    print who changed what, the newest first: the last 100 entries, or those since a day
  api-key                 make a key for an app's REST interface
  backup FILE             copy the SQLite database, also while the server runs
  export USER --app ID --out FOLDER [--method host|email|identifier]
                          write all that is kept of a customer; --config where files are not in the data folder
  erase USER --app ID [--method host|email|identifier] [--whole]
                          delete all that is kept of a customer, also while the server runs
  webhooks list [--failed]
                          print deliveries that wait or were given up, one a line, with tabs between
  webhooks replay ID|all  deliver one again, or all that were given up

When the server is ready it prints one line that ends in its address. SIGTERM drains and exits with 0.
SIGHUP reads the configuration file again. Exit codes: 1 for an error of the system, 2 for a bad configuration.

Flags, and the environment variable that stands in for each; all commands but init and api-key take
--data and --database-url:
${FLAGS.map(({ name, value, variable, help }) => `${left(name, value)}${help} (${variable})`).join('\n')}
  --help, --version

LOG_LEVEL: fatal, error, warn, info (default), debug, trace or silent; logs go to standard error.`
