/** The chat server of the examples on the documentation's pages: two customers, and a bot that says what to try. */
import { createServer } from 'node:http'
import { createChatServer } from '../packages/server/dist/index.js'

const CUSTOMERS = ['alex@example.com', 'sam@example.com']
const PORT = 4100

const say = (...texts) => ({ messages: texts.map((text) => ({ text })) })

/** Answers a delivery of the chat server. */
function answer({ type, visitor, message }) {
  if (type !== 'message' || message.kind !== 'text') return {}
  if (!/order/i.test(message.text))
    return say(
      `You wrote “${message.text}”. I am the bot of this page. Ask me about your order, and I ask you to sign in.`,
    )
  if (visitor.verified) return say(`Your order is on its way, ${visitor.userIdentifier}.`)
  return {
    messages: [{ login: { text: 'Please sign in, so that I can look up your order.', button: 'Sign in' } }],
  }
}

/** Resolves with the bot's address. */
async function startBot() {
  const http = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer(JSON.parse(body))))
    })
  })
  await new Promise((resolve, reject) => {
    http.once('error', reject).listen(0, '127.0.0.1', () => resolve())
  })
  return { url: `http://127.0.0.1:${http.address().port}/`, close: () => http.close() }
}

/**
 * Resolves with the server's address. It believes what a page says of these two customers: never do so with your own.
 * @param {string} dataDir
 * @param {number} [port] default 4100, or a free one where it is taken; 0 picks a free one
 */
export async function startDocsDemo(dataDir, port) {
  if (port !== undefined) return startOn(dataDir, port)
  return startOn(dataDir, PORT).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error
    return startOn(dataDir, 0)
  })
}

async function startOn(dataDir, port) {
  const bot = await startBot()
  const server = await createChatServer({
    apps: [
      {
        id: 'demo',
        name: 'Demo',
        origins: ['http://localhost:*', 'http://127.0.0.1:*'],
        verifyContext: ({ context }) => {
          const userIdentifier = CUSTOMERS.find((customer) => customer === context.customer)
          return userIdentifier === undefined ? null : { userIdentifier, expiresAt: null }
        },
        bot: { url: bot.url, secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}` },
      },
    ],
    dataDir,
    port,
  })
  const close = async () => {
    await server.close()
    bot.close()
  }
  try {
    return { url: await server.listen(), close }
  } catch (error) {
    await close()
    throw error
  }
}
