/** A bot: the chat server POSTs what a visitor writes, and posts what is answered. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const { PORT = '8082', SHOP_BOT_SECRET = '' } = process.env
const key = Buffer.from(SHOP_BOT_SECRET.replace('whsec_', ''), 'base64')
if (key.length < 24) throw new Error('SHOP_BOT_SECRET is missing: whsec_ and the base64 of 24 bytes or more')

/** https://www.standardwebhooks.com: signed by the chat server, within the last five minutes. */
function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false
  const expected = Buffer.from(
    createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'),
  )
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function answer({ type, message, visitor }) {
  // Further types may come.
  if (type !== 'message') return {}
  const words = message.text.toLowerCase()
  if (words.includes('human')) return { messages: [{ text: 'An agent will be with you.' }], handOver: true }
  if (!words.includes('order')) return { messages: [{ text: 'Ask me about your order, or for a human.' }] }
  // The same message comes again once the visitor has signed in.
  if (!visitor.verified) return { messages: [{ login: { text: 'Please sign in, to see your orders.' } }] }
  return { messages: [{ text: `${visitor.userIdentifier}: your order is on its way.` }] }
}

createServer(async (request, response) => {
  const body = await text(request)
  if (!isSigned(request.headers, body)) return response.writeHead(401).end()
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(answer(JSON.parse(body))))
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`bot on http://127.0.0.1:${this.address().port}/`)
})
