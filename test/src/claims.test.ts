/** Claims that agents are shown of a customer: a browser that lies cannot change the verified ones. */
import type { ConversationId, ConversationSummary, VisitorClaim } from '@chat-widget/protocol'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { type ConsolePage, signInToConsole } from './support/console-page.ts'
import { connectAgent, connectVisitor, type RawVisitor, signInAgent, unwrap } from './support/raw-device.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { mintToken, shopConfig } from './support/shop.ts'

const display = {
  Name: { claim: 'name' },
  Plan: { context: 'CustomerInfo.plan' },
  Constructor: { context: 'constructor.name' },
}

let server: ServerHere
let grace: { readonly email: string; readonly password: string }
const browser = useBrowser({ reuses: true })

beforeAll(async () => {
  server = await startServerHere(shopConfig({ display }))
  grace = await addAgent(server)
  return () => server.close()
})

type Invented = object | ((token: string) => object)

/** A customer whose token proves that she is called Ada; the rest of the context is the browser's invention. */
async function present(visitor: RawVisitor, customer: string, invented: Invented) {
  const token = await mintToken(customer, 3_600, { claims: { name: 'Ada' } })
  const context = typeof invented === 'function' ? invented(token) : invented
  return visitor.socket.emitWithAck('identity:authenticate', {
    userIdentifier: customer,
    context: { ...context, Auth: { Token: token } } as never,
    mergePolicy: 'merge',
  })
}

let customers = 0
async function visit(context: Invented) {
  const customer = `customer-${++customers}`
  const visitor = await connectVisitor(server.url, { intent: 'identify' })
  onTestFinished(() => visitor.close())
  const { conversation } = unwrap(await present(visitor, customer, context))
  const request = { conversationId: conversation.id, clientId: crypto.randomUUID(), text: 'hello' }
  unwrap(await visitor.socket.emitWithAck('message:send', request as never))
  return { visitor, customer, conversationId: conversation.id }
}

async function openDesk(): Promise<ConsolePage> {
  return signInToConsole(await browser.page(), `${server.url}/console/`, grace)
}

/** The claims as the agent reads them. */
async function shownIn(desk: ConsolePage, conversationId: ConversationId): Promise<readonly string[]> {
  await desk.openConversation(conversationId)
  return desk.claims()
}

const UNVERIFIED = 'Not verified : the visitor’s browser says so, and nobody has checked it'

describe('[ID9] in the console', () => {
  it('a claim of the browser is “Not verified”, one of the token is not, and both change live', async () => {
    const { visitor, customer, conversationId } = await visit({ CustomerInfo: { plan: 'Platinum' } })
    const desk = await openDesk()
    expect(await shownIn(desk, conversationId)).toEqual(['Name Ada Verified', `Plan Platinum ${UNVERIFIED}`])
    await desk.view.getByText('Not verified', { exact: true }).waitFor({ state: 'visible' })
    unwrap(await present(visitor, customer, { CustomerInfo: { plan: 'Gold' } }))
    await desk.view.getByText('Gold', { exact: true }).waitFor({ state: 'visible' })
    await expect(desk.view.getByText('Platinum').count()).resolves.toBe(0)
  })

  it('text that claims to be verified stays text beside the mark', async () => {
    const lies = [
      '<visitor-claims></visitor-claims><b class="proof">Verified</b>',
      '</bdi></dd><dd><span class="proof">Verified</span>',
      'Platinum ✓ Verified',
      '{{verified}} &lt;b&gt;Verified&lt;/b&gt;',
      'w'.repeat(10_000),
    ]
    const desk = await openDesk()
    for (const plan of lies) {
      const { conversationId } = await visit({ CustomerInfo: { plan } })
      const value = plan.length > 200 ? `${plan.slice(0, 199)}…` : plan
      expect(await shownIn(desk, conversationId)).toEqual([
        'Name Ada Verified',
        `Plan ${value} ${UNVERIFIED}`,
      ])
      expect(await desk.view.locator('visitor-claims').count()).toBe(1)
      expect(await desk.view.locator('visitor-claims .proof').count()).toBe(1)
    }
  })
})

describe('[ID9] an agent’s socket', () => {
  async function claimsOf(conversationId: ConversationId): Promise<readonly VisitorClaim[]> {
    const cookie = await signInAgent(server.url, grace.email, grace.password)
    const agent = await connectAgent(server.url, cookie)
    onTestFinished(() => void agent.disconnect())
    const summary: ConversationSummary = unwrap(
      await agent.emitWithAck('conversation:watch', { conversationId }),
    )
    return summary.visitor.verified ? summary.visitor.claims : []
  }
  const ada = { label: 'Name', value: 'Ada', verified: true }
  const plan = (value: string) => ({ label: 'Plan', value, verified: false })

  it.each<[string, object, readonly VisitorClaim[]]>([
    [
      'a context in the shape of a verified claim',
      { CustomerInfo: { plan: { label: 'Plan', value: 'Platinum', verified: true } } },
      [ada],
    ],
    [
      'claims beside the token',
      { claims: [{ label: 'Plan', value: 'Platinum', verified: true }], name: 'Root', verified: true },
      [ada],
    ],
    [
      'labels that collide',
      { Name: 'Root', name: 'Root', CustomerInfo: { plan: 'Name', name: 'Root' } },
      [ada, plan('Name')],
    ],
    ['a path written out as a key', { 'CustomerInfo.plan': 'Platinum' }, [ada]],
    [
      'text read backwards',
      { CustomerInfo: { plan: '\u202edeifireV\u202c \u2067x\u2069\u200f' } },
      [ada, plan('deifireV x')],
    ],
    [
      'lines that end the claim',
      { CustomerInfo: { plan: 'Gold\r\nVerified\u2028\u0085\u0000!' } },
      [ada, plan('Gold Verified !')],
    ],
    ['nothing to see', { CustomerInfo: { plan: '\u200b\u2060 ' } }, [ada]],
  ])('is told of %s what it is worth', async (_title, context, claims) => {
    const { conversationId } = await visit(context)
    expect(await claimsOf(conversationId)).toEqual(claims)
  })

  it('is told nothing of a context that reaches for prototypes, which is refused', async () => {
    const { visitor, customer, conversationId } = await visit({ CustomerInfo: { plan: 'Gold' } })
    for (const text of [
      '{"__proto__":{"CustomerInfo":{"plan":"Platinum"}}}',
      '{"CustomerInfo":{"__proto__":{"plan":"Platinum"}}}',
      '{"constructor":{"name":"Platinum"}}',
    ])
      expect(await present(visitor, customer, JSON.parse(text) as object)).toMatchObject({
        ok: false,
        error: { code: 'context-invalid' },
      })
    expect(await claimsOf(conversationId)).toEqual([ada, plan('Gold')])
  })

  it('is never told the token, wherever the browser puts it', async () => {
    const { conversationId } = await visit((token) => ({ CustomerInfo: { plan: `Bearer ${token}` } }))
    expect(await claimsOf(conversationId)).toEqual([ada])
  })
})
