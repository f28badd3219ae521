import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createNotices } from './notices.ts'
import { requestId } from './testing/fixtures.testing.ts'

const TEXT = { title: 'Is this you?', text: 'Someone wants to sign in to Northwind.' }

class FakeNotification {
  static permission: NotificationPermission = 'granted'
  static shown: FakeNotification[] = []
  static requestPermission = vi.fn(async () => 'denied')
  onclick = () => {}
  isClosed = false
  readonly title: string
  readonly options: NotificationOptions

  constructor(title: string, options: NotificationOptions) {
    this.title = title
    this.options = options
    FakeNotification.shown.push(this)
  }

  close(): void {
    this.isClosed = true
  }
}

beforeEach(() => {
  FakeNotification.shown = []
  FakeNotification.permission = 'granted'
  vi.stubGlobal('Notification', FakeNotification)
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('tells of a request once while the page is in the background, and takes it back when it is over', () => {
  const focus = vi.spyOn(window, 'focus').mockReturnValue()
  const notices = createNotices()
  notices.show(requestId(1), TEXT)
  notices.show(requestId(1), TEXT)
  expect(FakeNotification.shown).toHaveLength(1)
  const [shown] = FakeNotification.shown
  expect([shown?.title, shown?.options]).toEqual([TEXT.title, { body: TEXT.text, tag: requestId(1) }])
  shown?.onclick()
  expect(focus).toHaveBeenCalledOnce()
  notices.hide(requestId(1))
  expect(shown?.isClosed).toBe(true)
})

it('tells nothing while the page is looked at, or where it is not allowed', () => {
  const notices = createNotices()
  FakeNotification.permission = 'denied'
  notices.show(requestId(1), TEXT)
  expect(notices.permission).toBe('blocked')
  FakeNotification.permission = 'granted'
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
  notices.show(requestId(1), TEXT)
  expect(FakeNotification.shown).toEqual([])
})

it('asks when it is told to, and is unsupported where the browser shows none from a page', async () => {
  const notices = createNotices()
  FakeNotification.permission = 'default'
  expect(notices.permission).toBe('askable')
  expect(FakeNotification.requestPermission).not.toHaveBeenCalled()
  await notices.ask()
  expect(FakeNotification.requestPermission).toHaveBeenCalledOnce()
  FakeNotification.permission = 'granted'
  vi.stubGlobal(
    'Notification',
    class {
      static permission = 'granted'
      constructor() {
        throw new TypeError('Illegal constructor')
      }
    },
  )
  notices.show(requestId(1), TEXT)
  expect(notices.permission).toBe('unsupported')
})
