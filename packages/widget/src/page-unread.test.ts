import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { ALEX, createFakeClient, textMessage } from './engine/fake-client.testing.ts'
import { find } from './looking.testing.ts'
import { cleanUp, openWidget } from './widget.testing.ts'

beforeEach(async () => {
  await page.viewport(1280, 800)
  document.title = 'Shop'
})
afterEach(cleanUp)

describe('a message that comes while the chat is closed', () => {
  it('is announced once, politely', async () => {
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    const news = find(element, '[role=status]')!
    client.emit('message-received', textMessage(1, ALEX, 'Seen'))
    expect(news.textContent).toBe('')
    element.hide()
    client.emit('message-received', textMessage(2, ALEX, 'Hello'))
    expect(news.textContent).toBe('Alex: Hello')
    expect(news.getClientRects()).toHaveLength(1)
    await expect(element).to.be.accessible()
  })

  it('is counted in the page’s title, which the page may change', async () => {
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    element.hide()
    client.setState({ unread: 2 })
    await expect.poll(() => document.title).toBe('(2) Shop')
    document.title = 'Cart'
    await expect.poll(() => document.title).toBe('(2) Cart')
    client.setState({ unread: 3 })
    await expect.poll(() => document.title).toBe('(3) Cart')
    client.setState({ unread: 0 })
    await expect.poll(() => document.title).toBe('Cart')
  })

  it('[HP20] is counted once in the title of a page that has none, and leaves none', async () => {
    document.title = ''
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    element.hide()
    for (const unread of [1, 2]) {
      client.setState({ unread })
      await expect.poll(() => document.title).toBe(`(${unread})`)
    }
    document.title = 'Shop'
    await expect.poll(() => document.title).toBe('(2) Shop')
    document.title = ''
    await expect.poll(() => document.title).toBe('(2)')
    client.setState({ unread: 0 })
    await expect.poll(() => document.title).toBe('')
  })

  it('[HP20] stands before a number of the page’s own, which stays, and once where a script puts a title back', async () => {
    document.title = '(3) Inbox'
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    element.hide()
    client.setState({ unread: 3 })
    await expect.poll(() => document.title).toBe('(3) (3) Inbox')
    document.title = '(3) Mail'
    await expect.poll(() => document.title).toBe('(3) (3) Mail')
    const kept = document.title
    document.title = '$& new'
    await expect.poll(() => document.title).toBe('(3) $& new')
    client.setState({ unread: 4 })
    await expect.poll(() => document.title).toBe('(4) $& new')
    document.title = kept
    await expect.poll(() => document.title).toBe('(4) (3) Mail')
    client.setState({ unread: 0 })
    await expect.poll(() => document.title).toBe('(3) Mail')
    client.setState({ unread: 1 })
    await expect.poll(() => document.title).toBe('(1) (3) Mail')
  })

  it('is counted once for two chats of a page, and beside what another script puts before it', async () => {
    const clients = [createFakeClient(), createFakeClient()]
    const insisting = new MutationObserver(() => {
      if (!document.title.includes('★')) document.title = `★ ${document.title}`
    })
    for (const client of clients) {
      const { element } = await openWidget({ client })
      element.hide()
    }
    insisting.observe(document.head, { childList: true, subtree: true, characterData: true })
    try {
      clients[0]?.setState({ unread: 1 })
      clients[1]?.setState({ unread: 2 })
      await expect.poll(() => document.title).toMatch(/^(★ \(3\)|\(3\) ★) Shop$/)
      document.title = 'Cart'
      await expect.poll(() => document.title).toMatch(/^(★ \(3\)|\(3\) ★) Cart$/)
      clients[1]?.setState({ unread: 0 })
      await expect.poll(() => document.title).toMatch(/^(★ \(1\)|\(1\) ★) Cart$/)
    } finally {
      insisting.disconnect()
      for (const client of clients) client.setState({ unread: 0 })
    }
  })

  it('leaves the title alone where the host wants it so, and where the element is gone', async () => {
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    element.hide()
    client.setState({ unread: 2 })
    await expect.poll(() => document.title).toBe('(2) Shop')
    element.setAttribute('page-title', 'unchanged')
    await expect.poll(() => document.title).toBe('Shop')
    element.removeAttribute('page-title')
    await expect.poll(() => document.title).toBe('(2) Shop')
    element.remove()
    await expect.poll(() => document.title).toBe('Shop')
  })
})
