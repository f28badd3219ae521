/** `pnpm demo`: starts everything and prints where it is and what to try. */

import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeDemo } from './demo-guide.ts'
import { type Demo, startDemo } from './start.ts'

const HELP = `Usage: demo [--shop-port N] [--chat-port N] [--host H] [--data DIR] [--verbose]

  --shop-port N  or SHOP_PORT; default 4173, 0 picks a free one
  --chat-port N  or CHAT_PORT; default 4000, 0 picks a free one
  --host H       address to listen on, default 127.0.0.1
  --data DIR     or DEMO_DATA; default apps/demo/.data
  --verbose      show what the chat server writes`

const values = readFlags()

function readFlags() {
  try {
    return parseArgs({
      // `pnpm demo -- --flag` and `pnpm demo --flag` mean the same.
      args: process.argv.slice(process.argv[2] === '--' ? 3 : 2),
      options: {
        'shop-port': { type: 'string' },
        'chat-port': { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
    process.exit(2)
  }
}

function readPort(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  console.error(`${name}: must be a port number, 0 to 65535`)
  process.exit(2)
}

async function run(): Promise<void> {
  if (values.help) {
    console.log(HELP)
    return
  }
  const shop = readPort('--shop-port', values['shop-port'] ?? process.env.SHOP_PORT)
  const chat = readPort('--chat-port', values['chat-port'] ?? process.env.CHAT_PORT)
  const demo = await startDemo({
    dataDir: values.data ?? process.env.DEMO_DATA ?? fileURLToPath(new URL('../.data', import.meta.url)),
    ports: { ...(shop === undefined ? {} : { shop }), ...(chat === undefined ? {} : { chat }) },
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.verbose ? { onServerOutput: (line) => console.log(line) } : {}),
    onServerExit: ({ code, signal }) =>
      console.error(
        `The chat server ended (${signal ?? `exit ${code}`}).${process.stdin.isTTY ? ' r + Enter starts it again.' : ''}`,
      ),
  })
  stopOnSignal(demo)
  if (process.stdin.isTTY) restartOnKey(demo)
  console.log(describeDemo(demo, { color: process.stdout.isTTY && !process.env.NO_COLOR }))
}

function stopOnSignal(demo: Demo): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Ctrl-C may arrive twice, from the terminal and from the command that started this one.
    process.on(signal, () => {
      demo.close().then(
        () => process.exit(0),
        (error) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}

function restartOnKey(demo: Demo): void {
  process.stdin.setEncoding('utf8').on('data', (typed) => {
    if (String(typed).trim() !== 'r') return
    demo.restartServer().then(
      () => console.log(`The chat server runs again; the agent's password is now ${demo.agent.password}`),
      (error: Error) => console.error(error.message),
    )
  })
}

run().catch((error: Error) => {
  console.error(error.message)
  process.exit(1)
})
