import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../scripts/chromium.mjs'
import { startDemo } from '../apps/demo/dist/start.js'
const demo = await startDemo({ dataDir: '/tmp/dbg/data', ports: { shop: 0, chat: 0 }, tokenLifetimeSeconds: 9, onServerOutput: (l) => console.log('S', l) })
const b = await chromium.launch(chromiumLaunchOptions())
const c = await b.newContext({ viewport: { width: 1280, height: 800 } }); c.setDefaultTimeout(6000)
const p = await c.newPage()
p.on('console', (m) => console.log('C', m.type(), m.text()))
p.on('weberror', (e) => console.log('E', e))
p.on('pageerror', (e) => console.log('E', e.stack))
p.on('requestfailed', (r) => console.log('RF', r.url(), r.failure()))
try {
await p.goto(demo.shopUrl)
await p.locator('chat-widget').getByRole('button', { name: 'Open chat' }).click()
await p.locator('chat-widget').getByRole('textbox').waitFor({ timeout: 4000 }).catch((e) => console.log(String(e)))
console.log(await p.evaluate(() => document.querySelector('chat-widget').getState()))
console.log(await p.evaluate(() => { const d=(r)=>[...r.children].map(e=>e.localName+(e.role?'['+e.role+']':'')+'('+(e.shadowRoot?d(e.shadowRoot):'')+d(e)+')').join(' '); return d(document.querySelector('chat-widget').shadowRoot)}))
await p.screenshot({ path: '/tmp/dbg/a.png' })
} catch (e) { console.log(e) }
await b.close(); await demo.close()
