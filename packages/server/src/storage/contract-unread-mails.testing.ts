/** The contract of what mails about unread messages need. */
import { expect, it } from 'vitest'
import {
  closing,
  type Fixture,
  newClientId,
  SHOP,
  START,
  textFrom,
  visitorText,
} from './contract-fixture.testing.ts'

const LATER = START + 1_000

export function unreadMailContract(fixture: Fixture): void {
  const lease = async () => {
    const request = { owner: 'node', held: [], at: LATER, until: LATER + 1_000, limit: 9 }
    return fixture.storage.jobs.lease({ kind: 'unread-mail', ...request })
  }
  const agent = { kind: 'agent', name: 'Robin' } as const

  it('[UM1] [JB1] stores a job with each answer of an app that mails, in one transaction, once', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const mailAfterMs = (app: string) => (app === SHOP ? 1_000 : null)
    await fixture.append(visitorText(session, 'hello', { mailAfterMs }))
    const answer = textFrom(agent, id, 'yes?', { mailAfterMs })
    const { message } = await fixture.append(answer)
    await fixture.append(answer)
    await fixture.append(textFrom({ kind: 'bot' }, id, 'no app that mails', { mailAfterMs: () => null }))
    await fixture.append({ ...closing(id), mailAfterMs })
    // A message that is refused stores nothing.
    const refused = { ...answer, body: { kind: 'text', text: 'another' } } as const
    expect(await fixture.storage.messages.append(refused)).toMatchObject({ code: 'client-id-reused' })
    expect(await fixture.storage.jobs.count()).toEqual([{ kind: 'unread-mail', pending: 1, failed: 0 }])
    expect(await lease()).toMatchObject([
      { key: message.id, createdAt: START, payload: { conversationId: id, seq: 2, send: null } },
    ])
  })

  it('[UM1] the position that was mailed only grows, and messages leave it as it is', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const { unreadMails } = fixture.storage
    expect(await unreadMails.mailedSeq(id)).toBe(0)
    await fixture.append(visitorText(session, 'one'))
    await unreadMails.markMailed(id, 5)
    await unreadMails.markMailed(id, 3)
    await fixture.append(visitorText(session, 'two'))
    await fixture.reopen()
    expect(await fixture.storage.unreadMails.mailedSeq(id)).toBe(5)
  })

  it('[UM3] a conversation has the language of the device that wrote last', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    const write = (language?: 'de' | 'fr') => {
      const request = visitorText(session, 'hello')
      return fixture.append({
        ...request,
        as: { ...request.as!, ...(language !== undefined && { language }) },
      })
    }
    const languages: (string | null | undefined)[] = []
    for (const language of [undefined, 'de', undefined, 'fr'] as const) {
      await write(language)
      await fixture.append(textFrom(agent, id, 'yes?'))
      languages.push((await fixture.storage.conversations.find(id))?.language)
    }
    expect(languages).toEqual([null, 'de', 'de', 'fr'])
  })

  it('[UM2] finds the answers to forms, the newest first', async () => {
    const session = await fixture.anonymous()
    const id = session.conversationId
    await fixture.append(visitorText(session, 'hello'))
    const form = { fields: [{ name: 'email', label: 'Email', type: 'email' }], submit: 'Send' } as const
    for (const address of ['a@example.com', 'b@example.com']) {
      const asked = await fixture.append(
        textFrom(agent, id, '', { body: { kind: 'form', text: 'Email', form } }),
      )
      const to = asked.message.seq
      await fixture.append(
        visitorText(session, '', {
          clientId: newClientId(),
          body: { kind: 'form-answer', text: '', to, values: { email: address } },
        }),
      )
    }
    const answers = await fixture.storage.unreadMails.formAnswers(id, 9)
    expect(answers.map(({ values }) => values.email)).toEqual(['b@example.com', 'a@example.com'])
    expect(await fixture.storage.unreadMails.formAnswers(id, 1)).toHaveLength(1)
  })

  it('[UM4] knows who unsubscribed', async () => {
    const { unreadMails } = fixture.storage
    for (const at of [START, LATER]) await unreadMails.unsubscribe(SHOP, 'one', at)
    await fixture.reopen()
    const known = (recipient: string) => fixture.storage.unreadMails.isUnsubscribed(recipient)
    expect([await known('one'), await known('other')]).toEqual([true, false])
  })
}
