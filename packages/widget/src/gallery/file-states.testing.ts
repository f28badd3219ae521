/** The gallery's states of files. */
import type { TimelineItem } from '@chat-widget/client'
import type { ClientMessageId } from '@chat-widget/protocol'
import { VISITOR } from '../engine/fake-client.testing.ts'
import { pictures } from '../engine/file-row/pictures.ts'
import {
  APP,
  afterTalk,
  chat,
  conversation,
  MAYA,
  photo,
  says,
  sendsFile,
  sendsPhoto,
  TALK,
  unsent,
} from './fixtures.testing.ts'
import type { Drawn, StateGroup } from './gallery-state.testing.ts'

const unsentFile = (state: Parameters<typeof unsent>[1], sent: number): TimelineItem => ({
  ...unsent('', state, {
    file: { name: 'receipt.pdf', size: 1_843_200, type: 'application/pdf' },
    text: 'The receipt',
  }),
  ...{ upload: { bytes: new Blob(), sent, isKept: false } },
})

const unsentPhoto = (): TimelineItem => ({
  ...unsent('', { status: 'sending' }, { file: { name: 'tent.png', size: 184_320, type: 'image/png' } }),
  // Its bytes are kept by it.
  ...{ clientId: 'photo' as ClientMessageId, upload: { bytes: photo(), sent: 70_000, isKept: true } },
})

/** A photo's bytes are at hand as those of one that was just sent. */
async function showPhotos({ client, has }: Drawn): Promise<void> {
  const items = conversation(
    sendsPhoto(VISITOR),
    says(MAYA, 'I see. Like this, then:', 3),
    sendsPhoto(MAYA, 'The pole stands outside.'),
  )
  for (const item of items) if (item.kind === 'stored') pictures.sending(item.message.clientId, photo())
  client.setState({ timeline: { items, hasOlder: false, status: 'loaded' } })
  await has('canvas.drawn')
}

const withFiles = chat(conversation(...TALK), {
  app: { ...APP, files: { maxBytes: 1_000, types: ['image/*', 'application/pdf'] } },
})

/** Brings files to the text field. */
function bring(field: HTMLElement, type: 'dragover' | 'drop'): void {
  const dataTransfer = new DataTransfer()
  for (const [name, size] of [
    ['label.pdf', 184],
    ['the-whole-catalogue-of-this-year.pdf', 2_000],
  ] as const)
    dataTransfer.items.add(new File(['x'.repeat(size)], name, { type: 'application/pdf' }))
  field.dispatchEvent(new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer }))
}

export const fileStates: StateGroup = {
  title: 'Files',
  states: [
    {
      name: 'files',
      title: 'Files from both sides',
      state: chat(
        conversation(
          sendsFile(VISITOR, 'broken-pole.jpg', 'image/jpeg'),
          sendsFile(MAYA, 'label.pdf', 'application/pdf'),
        ),
      ),
      shows: '.file',
    },
    {
      name: 'pictures',
      title: 'Pictures from both sides',
      state: chat([]),
      shows: '.caption',
      act: showPhotos,
    },
    {
      name: 'sending-picture',
      title: 'A picture that is being sent',
      state: afterTalk(unsentPhoto()),
      shows: 'canvas.drawn',
    },
    {
      name: 'viewer',
      title: 'A picture, large',
      state: afterTalk(unsentPhoto()),
      shows: '.stage canvas:not([hidden])',
      async act({ has }) {
        await has('canvas.drawn')
        ;(await has('.picture')).click()
      },
    },
    {
      name: 'sending-file',
      title: 'A file that is being sent, with words below it',
      state: afterTalk(unsentFile({ status: 'sending' }, 700_000)),
      shows: '[role=progressbar]',
    },
    {
      name: 'failed-file',
      title: 'A file that was refused',
      state: afterTalk(unsentFile({ status: 'failed', code: 'file-refused' }, 0)),
      shows: '.problem',
    },
    {
      name: 'chosen-files',
      title: 'Files that go with the next message, one of them too large',
      state: withFiles,
      shows: 'li.bad',
      act: async ({ has }) => bring(await has('textarea'), 'drop'),
    },
    {
      name: 'files-that-stayed',
      title: 'A file that stayed, as it cannot be sent',
      state: withFiles,
      shows: 'li.bad',
      async act({ has }) {
        bring(await has('textarea'), 'drop')
        await has('li.bad')
        ;(await has('[part=send]')).click()
      },
    },
    {
      name: 'dropping-files',
      title: 'Files above the chat',
      state: withFiles,
      shows: '.drop',
      act: async ({ has }) => {
        const field = await has('textarea')
        await has('.drop', () => bring(field, 'dragover'))
      },
    },
  ],
}
