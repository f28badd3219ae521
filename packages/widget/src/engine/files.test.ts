/** Files in the panel: chosen, sent, shown, looked at. */
import type { ChatClientApi, ChatState, MessageDraft, PendingUpload, TimelineItem } from '@chat-widget/client'
import type { FileId, Message } from '@chat-widget/protocol'
import { describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { deepActive, find, findAll, textOf } from '../looking.testing.ts'
import { attach } from './attachments/index.ts'
import './elements/chat-panel.ts'
import type { ChatComposer } from './elements/chat-composer.ts'
import type { ChatPanel } from './elements/chat-panel.ts'
import { mount } from './elements/element.testing.ts'
import { ALEX, CONNECTED, stored, textMessage, VISITOR } from './fake-client.testing.ts'
import { ask } from './panel-request.ts'
import { IDLE_VIEW } from './running-client.ts'

const LIMITS = { maxBytes: 1_000_000, types: ['image/*', 'application/pdf', 'text/plain'] }

const picture = (width: number, height: number, type = 'image/png', noise = false) =>
  new Promise<Blob>((resolve) => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d')!
    const pixels = context.createImageData(width, height)
    for (let index = 0; index < pixels.data.length; index += 1)
      pixels.data[index] = index % 4 === 3 ? 255 : noise ? (index * 2_654_435_761) % 251 : 120
    context.putImageData(pixels, 0, 0)
    canvas.toBlob((blob) => resolve(blob!), type, 1)
  })

const fileMessage = (
  seq: number,
  file: Partial<Message<'file'>['file']>,
  caption?: string,
  author = ALEX,
): Message => ({
  ...textMessage(seq, author, 'File'),
  kind: 'file',
  file: {
    ...{ id: `file-${seq}` as FileId, name: 'beach.png', mediaType: 'image/png', size: 1_234_567 },
    ...{ width: 800, height: 600 },
    ...file,
  },
  ...(caption !== undefined && { caption }),
})
const pdf = (seq: number) =>
  fileMessage(seq, {
    ...{ name: 'offer.pdf', mediaType: 'application/pdf' },
    ...({ width: undefined, height: undefined } as object),
  })
const sending = (
  upload: Partial<PendingUpload> | undefined,
  state: (TimelineItem & { kind: 'pending' })['state'] = { status: 'sending' },
  mediaType = 'application/pdf',
): TimelineItem => ({
  kind: 'pending',
  clientId: 'p-1' as never,
  text: '',
  body: { file: { name: 'offer.pdf', size: 1_000, type: mediaType } },
  createdAt: new Date().toISOString(),
  state,
  upload: upload && { bytes: new Blob(), sent: 0, isKept: true, ...upload },
})

const stateWith = (...items: readonly (Message | TimelineItem)[]): ChatState => ({
  ...CONNECTED,
  app: { ...CONNECTED.app!, files: LIMITS },
  timeline: {
    items: items.map((item) => ('seq' in item ? stored(item) : item)),
    hasOlder: false,
    status: 'loaded',
  },
})
const viewOf = (state: ChatState) => ({
  ...{ ...IDLE_VIEW, state, problem: null },
  ...{ closable: true, hasChosen: false, canChoose: false },
})

async function setup(...items: readonly (Message | TimelineItem)[]) {
  const visit = new AbortController()
  const parts = {
    options: { app: 'shop', server: 'http://chat.test' },
    identity: { session: undefined, visit: visit.signal },
    session: { known: () => 'secret' },
  }
  const mounted = mount<ChatPanel>('chat-widget-panel', { view: viewOf(stateWith(...items)) })
  mounted.frame.addEventListener('chat-request', ({ detail }) => {
    if (detail.type === 'use') detail.use({ parts } as unknown as ChatClientApi)
    if (detail.type === 'attach') attach(mounted.element, detail)
  })
  await mounted.element.updateComplete
  return {
    ...mounted,
    visit,
    composer: find<ChatComposer>(mounted.element, 'chat-widget-composer')!,
    show(...next: readonly (Message | TimelineItem)[]) {
      mounted.element.view = viewOf(stateWith(...next))
    },
    has: (selector: string) =>
      vi.waitFor(() => {
        const found = find(mounted.element, selector)
        expect(found).not.toBeNull()
        return found as HTMLElement
      }),
    sent: () =>
      mounted.requests.flatMap((one) => (one.type === 'send' ? [one.message as string | MessageDraft] : [])),
  }
}

const answerWith = (blob: Blob) =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(blob))

/** As a browser brings files: by paste, or dragged over an element. */
function bring(element: Element, type: string, files: readonly File[], texts: Record<string, string> = {}) {
  const data = new DataTransfer()
  for (const file of files) data.items.add(file)
  for (const [name, text] of Object.entries(texts)) data.setData(name, text)
  const init = { bubbles: true, composed: true, cancelable: true }
  const event =
    type === 'paste'
      ? new ClipboardEvent(type, { ...init, clipboardData: data })
      : new DragEvent(type, { ...init, dataTransfer: data })
  element.dispatchEvent(event)
  return event
}

describe('a picture', () => {
  it('[SH6] takes its place before it is there, and is drawn without an address', async () => {
    let answer: (response: Response) => void = () => {}
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => new Promise((resolve) => (answer = resolve)))
    const { has, element } = await setup(fileMessage(1, {}, 'Our beach'))
    const button = await has('.picture')
    const before = button.getBoundingClientRect()
    expect([before.width, before.height]).toEqual([260, 195])
    await vi.waitFor(() => expect(fetched).toHaveBeenCalled())
    expect(fetched.mock.calls[0]).toMatchObject([
      'http://chat.test/v1/apps/shop/files/file-1',
      { headers: { authorization: 'Bearer secret' }, credentials: 'omit' },
    ])
    answer(new Response(await picture(800, 600)))
    await has('canvas.drawn')
    expect(button.getBoundingClientRect().height).toBe(before.height)
    expect(button.getAttribute('aria-label')).toBe('Open beach.png')
    expect(find(element, 'img')).toBeNull()
    expect(textOf(find(element, '[part=bubble]')!)).toBe('Our beach')
    await expect(document.body).to.be.accessible()
  })

  it('[SH6] that cannot be had is a file that can be downloaded', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('offline'))
    const { has, element } = await setup(fileMessage(1, {}))
    const button = await has('button.file')
    expect(button.getAttribute('aria-label')).toBe('Download beach.png 1.2 MB')
    const problem = async () => {
      await userEvent.click(button)
      return (await has('[role=alert]')).textContent
    }
    expect(await problem()).toContain('could not be downloaded')
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    answerWith(new Blob(['bytes']))
    await userEvent.click(button)
    await vi.waitFor(() => expect(saved).toHaveBeenCalledOnce())
    expect((saved.mock.contexts[0] as HTMLAnchorElement).download).toBe('beach.png')
    expect(find(element, '[role=alert]')).toBeNull()
  })

  it('is shown large, with zoom by keys, and gives the focus back', async () => {
    answerWith(await picture(800, 600))
    const { has, element, requests } = await setup(fileMessage(1, {}))
    await has('canvas.drawn')
    const button = await has('.picture')
    button.focus()
    await userEvent.keyboard('{Enter}')
    const dialog = (await has('dialog')) as HTMLDialogElement
    await vi.waitFor(() => expect(dialog.open).toBe(true))
    const canvas = find(dialog.getRootNode() as ShadowRoot, 'canvas')!
    await vi.waitFor(() => expect(canvas.hidden).toBe(false))
    await vi.waitFor(() => expect(canvas.getBoundingClientRect().width).toBeGreaterThan(100))
    const { width } = canvas.getBoundingClientRect()
    await userEvent.keyboard('+')
    await vi.waitFor(() => expect(canvas.getBoundingClientRect().width).toBeCloseTo(width * 1.5, 0))
    await userEvent.keyboard('0')
    await vi.waitFor(() => expect(canvas.getBoundingClientRect().width).toBeCloseTo(width, 0))
    await expect(document.body).to.be.accessible()
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(find(element, 'dialog')).toBeNull())
    expect(deepActive()).toBe(button)
    expect(requests).not.toContainEqual({ type: 'close' })
  })
})

describe('another file', () => {
  it('[SH6] shows name, type and size, and is downloaded', async () => {
    const fetched = answerWith(new Blob(['pdf']))
    const saved = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    const { has } = await setup(pdf(1))
    const button = await has('button.file')
    expect(textOf(button)).toBe('offer.pdf 1.2 MB')
    expect(getComputedStyle(find(button.getRootNode() as ShadowRoot, '.type')!, '::before').content).toBe(
      '"PDF"',
    )
    expect(fetched).not.toHaveBeenCalled()
    await userEvent.click(button)
    await vi.waitFor(() => expect(saved).toHaveBeenCalledOnce())
    expect((saved.mock.contexts[0] as HTMLAnchorElement).download).toBe('offer.pdf')
  })

  it('[SH4] is announced by the words to it and its name, in the visitor’s language', async () => {
    const { element, show } = await setup(textMessage(1, VISITOR, 'Hi'))
    const { words } = element
    element.words = { ...words, strings: { ...words.strings, file: (name) => `Datei: ${name}` } }
    show(textMessage(1, VISITOR, 'Hi'), {
      ...fileMessage(2, {}, 'See'),
      text: 'See\nFile: beach.png (1.2 MB)',
    })
    await vi.waitFor(() =>
      expect(find(element, '[aria-live=polite]')?.textContent?.trim()).toBe('Alex: See\nDatei: beach.png'),
    )
  })
})

describe('a file that is being sent', () => {
  it('[FI11] shows how far it is, and can be cancelled', async () => {
    const { element, has, show, requests } = await setup(sending({ sent: 0 }))
    const bar = await has('[role=progressbar]')
    expect([bar.getAttribute('aria-label'), bar.ariaValueNow]).toEqual(['Sending offer.pdf', '0'])
    show(sending({ sent: 430 }))
    await vi.waitFor(() => expect(bar.ariaValueNow).toBe('43'))
    expect(find(element, '[role=progressbar]')).toBe(bar)
    await userEvent.click(await has('[aria-label="Cancel offer.pdf"]'))
    expect(requests).toContainEqual({ type: 'discard', clientId: 'p-1' })
    await expect(document.body).to.be.accessible()
  })

  it('[SH6] is shown by its name where it is no picture, whatever that says', async () => {
    const bytes = new Blob(['no picture'], { type: 'image/png' })
    const { element, has } = await setup(sending({ bytes }, { status: 'sending' }, 'image/png'))
    expect((await has('.file .name')).textContent).toBe('offer.pdf')
    expect(find(element, 'canvas')).toBeNull()
  })

  it('[FI10] says when the page has to stay open', async () => {
    const { has } = await setup(sending({ isKept: false }))
    expect((await has('.note')).textContent).toContain('Keep this page open')
  })

  it.each([
    ['too-large', 'The file is too large.', ['discard']],
    ['file-refused', 'Files of this kind cannot be sent here.', ['discard']],
    ['file-unreadable', 'The file cannot be read any more. Please choose it again.', ['discard']],
    ['not-found', 'No files can be sent here.', ['discard']],
    ['rate-limited', 'Too many files in a short time. Please try again later.', ['retry', 'discard']],
    ['unavailable', 'The upload was interrupted.', ['retry', 'discard']],
  ] as const)('[FI12] that failed as %s says why, and what can be done', async (code, words, offered) => {
    const { element, has, show, requests } = await setup(sending({}))
    await has('[role=progressbar]')
    show(sending({}, { status: 'failed', code }))
    expect((await has('[role=alert]')).textContent).toBe(words)
    expect(find(element, '[role=progressbar]')).toBeNull()
    for (const button of findAll(element, '.meta .link')) await userEvent.click(button)
    expect(requests).toEqual(offered.map((type) => ({ type, clientId: 'p-1' })))
  })

  it('[SH4] is the file that was sent once it is, in its place', async () => {
    const { element, has, show } = await setup(sending({}))
    await has('[role=progressbar]')
    const { clientId } = sending({}) as { clientId: Message['clientId'] }
    show({ ...pdf(1), author: VISITOR, clientId })
    await has('[aria-label^="Download offer.pdf"]')
    expect(findAll(element, 'chat-widget-file')).toHaveLength(1)
    expect(find(element, '[role=progressbar]')).toBeNull()
  })
})

describe('[SH7] files that go with the next message', () => {
  const txt = (name: string, text = 'words') => new File([text], name, { type: 'text/plain' })

  it('are chosen by a button, and sent with the words below the last one', async () => {
    const { composer, has, sent } = await setup()
    const input = find(composer, '[part=attach] input') as HTMLInputElement
    expect([input.ariaLabel, input.accept]).toEqual(['Attach files', 'image/*,application/pdf,text/plain'])
    await userEvent.upload(input, [txt('one.txt'), txt('two.txt')])
    const tray = await has('chat-widget-attachments')
    await vi.waitFor(() => expect(textOf(tray)).toContain('Added: one.txt, two.txt'))
    expect(deepActive()?.localName).toBe('textarea')
    await expect(document.body).to.be.accessible()
    await userEvent.keyboard('Both of them{Enter}')
    expect(sent()).toMatchObject([
      { file: { name: 'one.txt' } },
      { file: { name: 'two.txt' }, text: 'Both of them' },
    ])
    expect(sent()[0]).not.toHaveProperty('text')
    await vi.waitFor(() => expect(find(composer, 'chat-widget-attachments')).toBeNull())
    await userEvent.keyboard('Words alone{Enter}')
    expect(sent().at(-1)).toBe('Words alone')
  })

  it('are sent without words as well, and can be taken out', async () => {
    const { composer, has, sent } = await setup()
    bring(composer, 'paste', [txt('one.txt'), txt('two.txt')])
    await userEvent.click(await has('[aria-label="Remove one.txt"]'))
    await vi.waitFor(() => expect(deepActive()?.getAttribute('aria-label')).toBe('Remove two.txt'))
    await userEvent.click(find(composer, '[part=send]')!)
    expect(sent()).toMatchObject([{ file: { name: 'two.txt' } }])
    bring(composer, 'paste', [txt('three.txt')])
    await userEvent.click(await has('[aria-label="Remove three.txt"]'))
    await vi.waitFor(() => expect(find(composer, 'chat-widget-attachments')).toBeNull())
    expect(deepActive()?.localName).toBe('textarea')
  })

  it('are pasted, but not in the place of text from a document', async () => {
    const { composer, has } = await setup()
    const both = { 'text/html': '<b>cells</b>', 'text/plain': 'cells' }
    expect(bring(composer, 'paste', [txt('cells.png')], both).defaultPrevented).toBe(false)
    expect(bring(composer, 'paste', [txt('shot.png')]).defaultPrevented).toBe(true)
    expect(textOf(await has('chat-widget-attachments'))).toContain('shot.png')
    expect(findAll(composer, 'li')).toHaveLength(1)
  })

  it('are dropped anywhere on the panel, which shows that they may be', async () => {
    const { element, has } = await setup(textMessage(1, VISITOR, 'Hi'))
    const log = find(element, '[role=log]')!
    expect(bring(log, 'dragover', [txt('drop.txt')]).defaultPrevented).toBe(true)
    await vi.waitFor(() => {
      bring(log, 'dragover', [txt('drop.txt')])
      expect(textOf(find(element, '.drop')!)).toBe('Drop files here to send them')
    })
    expect(bring(log, 'drop', [txt('drop.txt')]).defaultPrevented).toBe(true)
    expect(find(element, '.drop')).toBeNull()
    expect(textOf(await has('chat-widget-attachments'))).toContain('drop.txt')
  })

  it('are not taken where the app takes none, and do not take the page away', async () => {
    const { element, composer } = await setup()
    element.view = viewOf(CONNECTED)
    await element.updateComplete
    await composer.updateComplete
    expect((find(composer, '[part=attach]') as HTMLElement).checkVisibility()).toBe(false)
    expect(bring(composer, 'drop', [txt('x.txt')]).defaultPrevented).toBe(true)
    expect(find(composer, 'chat-widget-attachments')).toBeNull()
  })

  it('that are too large say so and are not sent', async () => {
    const { composer, has, sent } = await setup()
    bring(composer, 'paste', [new File([new Uint8Array(1_000_001)], 'big.pdf'), txt('good.txt')])
    const bad = await has('li.bad')
    expect(textOf(bad)).toContain('Larger than 1 MB')
    await userEvent.click(find(composer, '[part=send]')!)
    expect(sent()).toMatchObject([{ file: { name: 'good.txt' } }])
  })

  it('that cannot be sent stay with their reason, until they are taken out', async () => {
    const { composer, has, sent } = await setup()
    const film = new File(['film'], 'film.mp4', { type: 'video/mp4' })
    bring(composer, 'paste', [txt('good.txt'), film, txt('empty.txt', '')])
    await has('li.bad')
    expect(find(composer, '[part=send]')?.ariaDisabled).toBe('false')
    await userEvent.click(find(composer, 'textarea')!)
    await userEvent.keyboard('Look{Enter}')
    expect(sent()).toMatchObject([{ file: { name: 'good.txt' }, text: 'Look' }])
    const rows = () => findAll(composer, 'li').map((row) => textOf(row).replaceAll(/\s+/g, ' ').trim())
    const kept = ['MP4 film.mp4 Files of this kind cannot be sent here.', 'TXT empty.txt The file is empty']
    await vi.waitFor(() => expect(rows()).toEqual(kept))
    await vi.waitFor(() => expect(find(composer, '[part=send]')?.ariaDisabled).toBe('true'))
    // The composer has a status of its own, once other tests of this page have had its tools loaded.
    const attachments = await has('chat-widget-attachments')
    expect(textOf(find(attachments, '[role=status]')!)).toBe('Not sent: film.mp4, empty.txt')
    await expect(document.body).to.be.accessible()
    // Words go without them; without words nothing goes.
    await userEvent.click(find(composer, 'textarea')!)
    await userEvent.keyboard('Words alone{Enter}{Enter}')
    expect(sent().slice(1)).toEqual(['Words alone'])
    expect(rows()).toEqual(kept)
    await userEvent.click(await has('[aria-label="Remove film.mp4"]'))
    await vi.waitFor(() => expect(rows()).toEqual(kept.slice(1)))
    await userEvent.click(await has('[aria-label="Remove empty.txt"]'))
    await vi.waitFor(() => expect(find(composer, 'chat-widget-attachments')).toBeNull())
  })

  it('pictures are made smaller if the visitor wants it', async () => {
    const { composer, has, sent } = await setup()
    const bytes = await picture(900, 900, 'image/jpeg', true)
    expect(bytes.size).toBeGreaterThan(300 * 1024)
    const file = new File([bytes], 'tent.jpg', { type: 'image/jpeg' })
    bring(composer, 'paste', [file])
    const choice = (await has('input[type=checkbox]')) as HTMLInputElement
    expect(textOf(choice.closest('label')!)).toMatch(/^Make pictures smaller: .* instead of .*$/)
    expect(choice.checked).toBe(false)
    await userEvent.click(choice)
    await userEvent.click(find(composer, '[part=send]')!)
    const [message] = sent()
    const sentFile = (message as { file: File }).file
    expect(sentFile.name).toBe('tent.jpg')
    expect(sentFile.size).toBeLessThan(file.size * 0.8)
  })

  it('[ID12] are gone when the visitor leaves', async () => {
    const { composer, has, visit } = await setup()
    bring(composer, 'paste', [txt('mine.txt')])
    await has('chat-widget-attachments')
    visit.abort()
    await vi.waitFor(() => expect(find(composer, 'chat-widget-attachments')).toBeNull())
  })

  it('fit a panel of 320 px, from right to left too', async () => {
    const { frame, composer, has } = await setup()
    frame.style.width = '320px'
    frame.dir = 'rtl'
    bring(composer, 'paste', [txt(`${'long-name-'.repeat(12)}.txt`), txt('two.txt')])
    await has('li')
    const panel = frame.getBoundingClientRect()
    for (const part of ['[part=attach]', '[part=send]', 'textarea']) {
      const { left, right } = find(composer, part)!.getBoundingClientRect()
      expect(left).toBeGreaterThanOrEqual(panel.left)
      expect(right).toBeLessThanOrEqual(panel.right)
    }
    await expect(document.body).to.be.accessible()
  })
})

it('[HP14] a long text that is pasted goes among the files and out of the field', async () => {
  const { composer, has } = await setup()
  for (const more of [[], [new File(['x'], 'x.pdf', { type: 'application/pdf' })]]) {
    ask(composer, { type: 'attach', files: more })
    const field = find<HTMLTextAreaElement>(composer, 'textarea')!
    const text = 'A line of a log.\n'.repeat(1_000)
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true }),
    )
    await userEvent.click(await has('.question button'))
    await vi.waitFor(() => expect([field.value, find(composer, '.question')]).toEqual(['', null]))
    const tray = await has('chat-widget-attachments')
    expect(textOf(tray)).toContain('Text.txt')
  }
})
