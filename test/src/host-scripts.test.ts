/** Pages with other scripts: libraries that replace the body, trap focus, take keys or patch the browser. */

import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleOf, useBrowser } from './support/browser.ts'
import { type HostSite, startHostSite } from './support/host-site.ts'
import { installedFile } from './support/paths.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'
import { conversationOf, focusedIn, isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
let server: ServerHere
let site: HostSite

const SCRIPTS: Readonly<Record<string, string>> = {
  turbo: '@hotwired/turbo/dist/turbo.es2017-umd.js',
  htmx: 'htmx.org/dist/htmx.min.js',
  idiomorph: 'idiomorph/dist/idiomorph.min.js',
  bootstrap: 'bootstrap/dist/js/bootstrap.bundle.min.js',
  tabbable: 'tabbable/dist/index.umd.min.js',
  'focus-trap': 'focus-trap/dist/focus-trap.umd.min.js',
  mousetrap: 'mousetrap/mousetrap.min.js',
  hotkeys: 'hotkeys-js/dist/hotkeys-js.umd.cjs',
  zone: 'zone.js/bundles/zone.umd.min.js',
  'core-js': 'core-js-bundle/minified.js',
  react: 'react/umd/react.production.min.js',
  'react-dom': 'react-dom/umd/react-dom.production.min.js',
}

beforeAll(async () => {
  server = await startServerHere(shopConfig())
  site = await startHostSite()
  for (const [name, file] of Object.entries(SCRIPTS)) site.file(`/${name}.js`, installedFile(file))
  site.file('/bootstrap.css', installedFile('bootstrap/dist/css/bootstrap.min.css'))
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

const scripts = (...names: readonly string[]) =>
  names.map((name) => `<script src="/${name}.js"></script>`).join('\n')
const embed = () => `<script async src="${server.url}/embed.js" data-app="shop"></script>`

const html = (title: string, head: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head>
<body><h1>${title}</h1>${body}</body></html>`

const command = (page: Page, ...call: readonly unknown[]) =>
  page.evaluate(
    (given) => (globalThis as unknown as { ChatWidget(...args: unknown[]): void }).ChatWidget(...given),
    call,
  )

/** The page with an open chat, a message in it, and another one half written. */
async function chatting(url: string) {
  const page = await browser.page()
  await page.goto(url)
  return chattingOn(page)
}

async function chattingOn(page: Page) {
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('hello')
  await chat.isSent()
  await chat.input.fill('half a sen')
  return { page, chat, conversation: await conversationOf(page) }
}

/** Checks that there is one chat, with its state, that still sends, receives and obeys commands. */
async function goesOn({ page, chat, conversation }: Awaited<ReturnType<typeof chatting>>, word: string) {
  await chat.input.waitFor()
  expect(await chat.element.count()).toBe(1)
  expect(await chat.input.inputValue()).toBe('half a sen')
  expect(await conversationOf(page)).toBe(conversation)
  expect((await stateOf(page)).open).toBe(true)
  await rest(server.url, 'POST', `/${conversation}/messages`, { text: `Answer ${word}` })
  await chat.shows(`Answer ${word}`)
  await command(page, 'hide')
  await chat.panel.waitFor({ state: 'hidden' })
  await command(page, 'show')
  await chat.input.waitFor()
}

describe('[HP5] a page whose body is replaced', () => {
  it.each([
    ['head', 'Turbo'],
    ['body', 'Turbo'],
    ['head', 'htmx'],
    ['body', 'htmx'],
  ])('with embed.js in the %s, by %s, there and back', async (place, library) => {
    const folder = `/${library}-${place}`
    const content = (title: string, other: string) =>
      html(
        title,
        scripts(library === 'Turbo' ? 'turbo' : 'htmx') + (place === 'head' ? embed() : ''),
        `<a hx-boost="true" href="${folder}/${other}">Go on</a>
         ${place === 'body' ? embed() : ''}`,
      )
    site.page(`${folder}/two`, content('Two', 'one'))
    const visit = await chatting(site.page(`${folder}/one`, content('One', 'two')))
    const { page } = visit
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
    await page.getByRole('link', { name: 'Go on' }).click()
    await page.getByRole('heading', { name: 'Two' }).waitFor()
    await goesOn(visit, 'there')
    await page.goBack()
    await page.getByRole('heading', { name: 'One' }).waitFor()
    await goesOn(visit, 'back')
    expect(await page.evaluate(() => 'sameDocument' in globalThis), 'the page was never loaded anew').toBe(
      true,
    )
  })

  it('by a refresh that Turbo morphs', async () => {
    const meta = '<meta name="turbo-refresh-method" content="morph">'
    const content = (title: string) => html(title, meta + scripts('turbo') + embed(), '<p>Text</p>')
    const url = site.page('/turbo-morph', content('Before'))
    const visit = await chatting(url)
    site.page('/turbo-morph', content('After'))
    await visit.page.evaluate((address) => {
      const { Turbo } = globalThis as unknown as { Turbo: { visit(url: string, options: object): void } }
      Turbo.visit(address, { action: 'replace' })
    }, url)
    await visit.page.getByRole('heading', { name: 'After' }).waitFor()
    await goesOn(visit, 'morphed')
  })

  it('by idiomorph, body and whole document', async () => {
    const visit = await chatting(
      site.page('/idiomorph', html('Before', scripts('idiomorph') + embed(), '<p>Text</p>')),
    )
    const morph = (target: 'body' | 'documentElement', title: string) =>
      visit.page.evaluate(
        ([name, content]) => {
          const { Idiomorph } = globalThis as unknown as {
            Idiomorph: { morph(old: Element, next: Element): void }
          }
          const next = new DOMParser().parseFromString(content, 'text/html')
          Idiomorph.morph(document[name], next[name])
        },
        [target, html(title, '', '<p>Other text</p>')] as const,
      )
    await morph('body', 'Once')
    await visit.page.getByRole('heading', { name: 'Once' }).waitFor()
    await goesOn(visit, 'once')
    await morph('documentElement', 'Twice')
    await visit.page.getByRole('heading', { name: 'Twice' }).waitFor()
    await goesOn(visit, 'twice')
  })

  it.each(['whole', 'in two pieces'])(
    'hydrated whole by React 18, after the chat was added to a page that came %s: no mismatch, one chat',
    async (how) => {
      const source = `<script src="/react.js"></script><script src="/react-dom.js"></script>${embed()}`
      const start = `<!doctype html><html lang="en"><head><title>Shop</title>${source}</head><body><h1>Shop</h1>`
      const rest = '<p>Welcome.</p></body></html>'
      let loaded = () => {}
      const pieces = async function* () {
        yield start
        await new Promise<void>((resolve) => {
          loaded = resolve
        })
        yield rest
      }
      const page = await browser.page()
      const url = site.page('/react', { html: how === 'whole' ? start + rest : pieces })
      await page.goto(url, { waitUntil: 'commit' })
      await page.waitForFunction(() => 'ChatWidget' in globalThis && document.querySelector('h1') !== null)
      loaded()
      const visit = await chattingOn(page)
      const errors = await page.evaluate((src) => {
        interface Libraries {
          readonly React: { createElement(type: string, props: object, ...children: unknown[]): unknown }
          readonly ReactDOM: { hydrateRoot(root: Document, app: unknown, options: object): void }
        }
        const { React, ReactDOM } = globalThis as unknown as Libraries
        const h = React.createElement
        const found: string[] = []
        return new Promise<string[]>((resolve) => {
          // Hydration exposes its elements when it ends.
          const ended = (element: Element | null) => element !== null && setTimeout(() => resolve(found))
          const head = h(
            'head',
            {},
            h('title', {}, 'Shop'),
            h('script', { src: '/react.js' }),
            h('script', { src: '/react-dom.js' }),
            h('script', { async: true, src, 'data-app': 'shop' }),
          )
          const body = h('body', {}, h('h1', {}, 'Shop'), h('p', { ref: ended }, 'Welcome.'))
          ReactDOM.hydrateRoot(document, h('html', { lang: 'en' }, head, body), {
            onRecoverableError: (error: unknown) => found.push(String(error)),
          })
        })
      }, `${server.url}/embed.js`)
      expect(errors).toEqual([])
      await goesOn(visit, 'hydrated')
    },
  )
})

describe('[HP4] a page whose dialogs hold focus', () => {
  it('of Bootstrap: the chat is written into, opened before or while one is shown', async () => {
    const page = await browser.page()
    const modal = `<button data-bs-toggle="modal" data-bs-target="#modal">Dialog</button>
      <div class="modal" id="modal" tabindex="-1"><div class="modal-dialog"><div class="modal-content">
      <input aria-label="Name"><button data-bs-dismiss="modal">Done</button></div></div></div>`
    const head = `<link rel="stylesheet" href="/bootstrap.css">${scripts('bootstrap')}${embed()}`
    await page.goto(site.page('/bootstrap', html('Shop', head, modal)))
    const chat = widgetOn(page)
    await chat.launcher.waitFor()
    await page.getByRole('button', { name: 'Dialog' }).click()
    await page.getByLabel('Name').click()
    await chat.open()
    await page.keyboard.type('from the dialog')
    expect(await chat.input.inputValue()).toBe('from the dialog')
    await page.getByLabel('Name').click()
    await chat.input.click()
    await page.keyboard.type('!')
    expect(await chat.input.inputValue()).toContain('!')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.locator('.modal-backdrop').waitFor({ state: 'detached' })
    await chat.say('after it')
    await chat.isSent()
  })

  it('of focus-trap: the chat is one of its containers', async () => {
    const page = await browser.page()
    const dialog = `<div id="dialog"><input aria-label="Name"><button>Done</button></div>`
    await page.goto(
      site.page('/focus-trap', html('Shop', scripts('tabbable', 'focus-trap') + embed(), dialog)),
    )
    const chat = widgetOn(page)
    await chat.launcher.waitFor()
    await page.evaluate(() => {
      const { focusTrap } = globalThis as unknown as {
        focusTrap: { createFocusTrap(containers: unknown[], options: object): { activate(): void } }
      }
      const trap = focusTrap.createFocusTrap(['#dialog', document.querySelector('chat-widget')], {
        tabbableOptions: { getShadowRoot: true },
      })
      trap.activate()
    })
    expect(await focusedIn(page)).toBe('Name')
    await chat.open()
    await isConnected(page)
    await chat.panel.getByLabel('Attach files').waitFor()
    await page.keyboard.type('in the trap')
    expect(await chat.input.inputValue()).toBe('in the trap')
    for (const name of ['Attach files', 'Emoji']) {
      await page.keyboard.press('Tab')
      expect(await focusedIn(page)).toBe(name)
    }
    await page.keyboard.press('Escape')
    await chat.panel.waitFor({ state: 'hidden' })
  })
})

describe('[HP3] a page with hotkeys', () => {
  it.each([
    ['mousetrap', `Mousetrap.bind(['k', 'space', '/', 'escape'], take)`],
    ['hotkeys', `hotkeys.filter = () => true; hotkeys('k,space,/,escape', take)`],
  ])('by %s: they are the page’s, and what is typed is the chat’s', async (name, bind) => {
    const page = await browser.page()
    const body = `<script>
      window.taken = []
      const take = (event) => { taken.push(event.key); event.preventDefault() }
      ${bind}
    </script>`
    await page.goto(site.page(`/${name}`, html('Shop', scripts(name) + embed(), body)))
    const taken = () => page.evaluate(() => (globalThis as unknown as { taken: string[] }).taken)
    const chat = widgetOn(page)
    await chat.launcher.waitFor()
    await page.keyboard.press('k')
    expect(await taken()).toEqual(['k'])
    await chat.launcher.focus()
    await page.keyboard.press('Space')
    await chat.input.waitFor()
    await expect.poll(() => focusedIn(page)).toBe('Your message')
    await page.keyboard.type('ok my friend /')
    expect(await chat.input.inputValue()).toBe('ok my friend /')
    await page.keyboard.press('Escape')
    await chat.panel.waitFor({ state: 'hidden' })
    expect(await taken()).toEqual(['k'])
    await page.keyboard.press('/')
    expect(await taken(), 'the page has its keys again').toEqual(['k', '/'])
  })
})

it('[HP6] a page patched by zone.js and core-js has a chat that works', async () => {
  const visit = await chatting(site.page('/patched', html('Shop', scripts('core-js', 'zone') + embed(), '')))
  await goesOn(visit, 'patched')
})

describe('[HP6] a script tag', () => {
  it.each<[string, () => string]>([
    ['a module', () => `<script type="module" src="${server.url}/embed.js" data-app="shop"></script>`],
    [
      'with its settings in the address',
      () => `<script async src="${server.url}/embed.js?app=shop"></script>`,
    ],
    [
      'a module with its settings in the address',
      () => `<script type="module" src="${server.url}/embed.js?app=shop"></script>`,
    ],
    [
      'inserted by another script',
      () => `<script>document.head.append(Object.assign(document.createElement('script'),
        { src: '${server.url}/embed.js?app=shop' }))</script>`,
    ],
  ])('%s', async (name, tag) => {
    const page = await browser.page()
    await page.goto(site.page(`/tag-${name.replaceAll(' ', '-')}`, html('Shop', tag(), '<p>Text</p>')))
    await widgetOn(page).open()
    await isConnected(page)
  })

  it('in the head has its commands ready for the body', async () => {
    const page = await browser.page()
    const tag = `<script src="${server.url}/embed.js" data-app="shop"></script>`
    await page.goto(site.page('/tag-in-head', html('Shop', tag, `<script>ChatWidget('show')</script>`)))
    await widgetOn(page).input.waitFor()
  })
})

describe('[HP7] a page that names the Trusted Types policies it allows', () => {
  const policy = (names: string) =>
    [
      "default-src 'none'",
      `script-src ${new URL(server.url).origin}`,
      `connect-src ${new URL(server.url).origin} ws://${new URL(server.url).host}`,
      `trusted-types ${names}`,
      "require-trusted-types-for 'script'",
    ].join('; ')
  const visit = async (path: string, names: string) => {
    const page = await browser.page()
    const warnings = consoleOf(page, 'warning')
    const headers = { 'content-security-policy': policy(names) }
    await page.goto(site.page(path, { html: html('Shop', embed(), '<p>Text</p>'), headers }))
    return { page, warnings, chat: widgetOn(page) }
  }

  it('lit-html among them: works', async () => {
    const { page, chat } = await visit('/policy-allowed', 'angular dompurify lit-html')
    await chat.open()
    await isConnected(page)
    await chat.say('hello')
    await chat.isSent()
  })

  it('and not lit-html: text works, and the console says which to allow once more is needed', async () => {
    const { page, warnings, chat } = await visit('/policy-missing', 'angular dompurify')
    await chat.open()
    await isConnected(page)
    await chat.say('hello')
    await chat.isSent()
    await chat.panel.getByRole('button', { name: 'More' }).click()
    await until('it is told', async () => /load-failed.*lit-html/.test(warnings.join('\n')))
  })
})
