/** Starts the real server, with a bot, in the process that runs the component tests. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { BotRequest } from '@chat-widget/protocol'
import { createChatServer } from '@chat-widget/server'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly chatServer: string
  }
}

/** Echoes, and asks those who want to pay to sign in. */
const answerOf = ({ message }: Extract<BotRequest, { type: 'message' }>) =>
  message.text === 'pay'
    ? { login: { text: 'Please sign in.', button: 'Sign in' } }
    : { text: `You said ${message.text}` }

/** What is to be closed, the last first. */
const opened: (() => unknown)[] = []

async function startBot(): Promise<string> {
  const bot = createServer(async (request, response) => {
    const asked = (await json(request)) as BotRequest
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ messages: asked.type === 'message' ? [answerOf(asked)] : [] }))
  })
  await new Promise<void>((resolve) => bot.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    bot.closeAllConnections()
    bot.close()
  })
  return `http://127.0.0.1:${(bot.address() as AddressInfo).port}/`
}

export async function setup({ provide }: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-react-'))
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const chat = await createChatServer({
    port: 0,
    dataDir: folder,
    apps: [
      {
        id: 'shop',
        name: 'Shop',
        origins: ['http://localhost:*'],
        login: { methods: ['host'], continueAsGuest: true },
        bot: { url: await startBot(), secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}` },
        verifyContext: ({ context }) =>
          typeof context.for === 'string' ? { userIdentifier: context.for, expiresAt: null } : null,
      },
    ],
  })
  opened.push(() => chat.close())
  provide('chatServer', await chat.listen())
}

export async function teardown(): Promise<void> {
  for (const close of opened.reverse()) await close()
}
