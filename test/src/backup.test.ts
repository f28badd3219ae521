/** `backup` beside a server that is written to, and the same server on the copy, restored by docs/operations.md. */

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { type Device, openDevice, showsText, storedMessages } from './support/device.ts'
import { ROOT } from './support/paths.ts'
import { connectVisitor } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import { runServerCommand, startServer } from './support/server-process.ts'
import { customer, shopConfig } from './support/shop.ts'

/** Runs the commands of the page, with the places of this test. */
async function restore(file: string, data: string): Promise<void> {
  const page = await readFile(`${ROOT}docs/operations.md`, 'utf8')
  const [, commands = ''] = /## Restore[\s\S]*?```sh\n([\s\S]*?)```/.exec(page) ?? []
  expect(commands).toContain('systemctl stop')
  const here = commands
    .replaceAll(/^systemctl .*$/gm, '')
    .replaceAll('/var/lib/chat-widget', data)
    .replaceAll(/\/backup\/\S+/g, file)
  await promisify(execFile)('bash', ['-euc', here])
}

it('[OP7] a backup made while messages come has all that were acknowledged before, and a server takes it', async () => {
  const server = await startServer({ config: shopConfig() })
  onTestFinished(() => server.close())
  const visitor = await connectVisitor(server.url)
  const { conversationId } = await visitor.send(randomUUID(), 'the first one')
  const path = `/${conversationId}/messages`
  visitor.close()

  const acknowledged: number[] = []
  let writing = true
  const write = async () => {
    while (writing) {
      const { status, body } = await rest(server.url, 'POST', path, { text: 'one more' })
      if (status === 201) acknowledged.push(body.message.seq)
    }
  }
  const written = write()
  onTestFinished(async () => {
    writing = false
    await written
  })
  await expect.poll(() => acknowledged.length).toBeGreaterThan(20)
  const before = [...acknowledged]
  const file = join(server.folder, 'backup.db')
  const data = join(server.folder, 'data')
  expect(await runServerCommand(['backup', file, '--data', data])).toMatchObject({ code: 0, stderr: '' })
  expect(acknowledged.length).toBeGreaterThan(before.length)
  writing = false
  await written

  await server.stop()
  await restore(file, data)
  await server.start()
  const restored: number[] = []
  for (let after = 0, more = true; more; after = restored.at(-1) ?? 0) {
    const { body } = await rest(server.url, 'GET', `${path}?after=${after}`)
    restored.push(...body.messages.map(({ seq }) => seq))
    more = body.messages.length > 0
  }
  expect(restored).toEqual(restored.map((_, index) => index + 1))
  expect(before.filter((seq) => !restored.includes(seq))).toEqual([])
  const next = await rest(server.url, 'POST', path, { text: 'goes on' })
  expect(next).toMatchObject({ status: 201, body: { message: { seq: restored.length + 1 } } })
})

it('[DL3] a page that stayed open shows, after a restore, what the restored server has, and goes on from there', async () => {
  const server = await startServer({ config: shopConfig() })
  onTestFinished(() => server.close())
  const device = await openDevice(server.url)
  const textsOf = () => storedMessages(device).map(({ seq, text }) => `${seq} ${text}`)
  const { conversationId } = await device.client.send('kept')
  const answer = (text: string) => rest(server.url, 'POST', `/${conversationId}/messages`, { text })
  await answer('kept too')
  await showsText(device, 'kept too')
  const late = await openDevice(server.url)
  const first = await openDevice(server.url, customer('ada@example.com'))
  await first.client.send('of a customer')
  const file = join(server.folder, 'backup.db')
  const data = join(server.folder, 'data')
  await runServerCommand(['backup', file, '--data', data])
  for (const text of ['lost', 'lost as well']) await device.client.send(text)
  await late.client.send('of a conversation that the backup has not')
  const second = await openDevice(server.url, customer('ada@example.com'))
  await second.client.send('lost, in a session that is lost too')
  await answer('the last to be lost')
  await showsText(device, 'the last to be lost')
  await device.client.markRead()

  await server.stop()
  await restore(file, data)
  await server.start()
  await device.client.connect()
  await expect.poll(textsOf).toEqual(['1 kept', '2 kept too'])
  await answer('new')
  await showsText(device, 'new')
  // What was read after the backup is unread again.
  expect(device.client.getState().unread).toBe(2)
  await device.client.send('new as well')
  expect(textsOf()).toEqual(['1 kept', '2 kept too', '3 new', '4 new as well'])
  const ofCustomer = (one: Device) => storedMessages(one).map(({ text }) => text)
  await expect.poll(() => second.client.getState().identity.status).toBe('reauthentication-required')
  await second.client.setUser(customer('ada@example.com'))
  await first.client.connect()
  for (const one of [first, second]) await expect.poll(() => ofCustomer(one)).toEqual(['of a customer'])
  await second.client.send('once more')
  await showsText(first, 'once more')
  await late.client.send('again')
  await expect.poll(() => storedMessages(late).map(({ seq, text }) => `${seq} ${text}`)).toEqual(['1 again'])
})
