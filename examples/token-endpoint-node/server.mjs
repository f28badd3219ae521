/** POST /chat-token: who is signed in at your site, as a token that the chat server verifies. */
import { createServer } from 'node:http'
import { SignJWT } from 'jose'

const key = new TextEncoder().encode(process.env.SHOP_JWT_SECRET)
const chatToken = (customerId) =>
  new SignJWT({ sub: customerId, iss: 'https://shop.example.com', aud: 'chat' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(key)

/** Stands for your login's cookie, or `null`; never for anything that the request says. */
const customerOf = (_request) => 'alex@example.com'

createServer(async (request, response) => {
  response.setHeader('cache-control', 'no-store')
  if (request.method !== 'POST' || request.url.split('?')[0] !== '/chat-token')
    return response.writeHead(404).end()
  const customerId = customerOf(request)
  if (customerId === null) return response.writeHead(401).end()
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ token: await chatToken(customerId) }))
}).listen(Number(process.env.PORT ?? 8081), '127.0.0.1', function () {
  console.log(`tokens on http://127.0.0.1:${this.address().port}/chat-token`)
})
