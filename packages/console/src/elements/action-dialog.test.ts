import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { hasFocus, mount } from '../testing/render.testing.ts'

async function dialog(actions: readonly string[] = ['orders', 'refund']) {
  const element = await mount('action-dialog', { actions })
  const asked: unknown[] = []
  element.addEventListener('action-run', ({ detail }) => asked.push(detail))
  element.show()
  return { element, asked }
}

const add = () => userEvent.click(page.getByRole('button', { name: 'Add parameter' }))
const run = () => userEvent.click(page.getByRole('button', { name: 'Run' }))
const field = (label: string) => page.getByLabelText(label)

it('renders the names of the actions, and no parameter', async () => {
  await dialog()
  await expect.element(page.getByRole('dialog', { name: 'Run an action' })).toBeVisible()
  await expect.element(page.getByRole('combobox', { name: 'Action' })).toHaveValue('orders')
  expect(
    page
      .getByRole('option')
      .elements()
      .map(({ textContent }) => textContent),
  ).toEqual(['orders', 'refund'])
})

it('is accessible, with and without parameters', async () => {
  const { element } = await dialog()
  await expect(element).to.be.accessible()
  await add()
  await expect(element).to.be.accessible()
})

it('[ID16] asks for the action with the parameters that have a name, and closes', async () => {
  const { asked } = await dialog()
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Action' }), 'refund')
  await add()
  await expect.poll(() => hasFocus(field('Name of parameter 1'))).toBe(true)
  await userEvent.fill(field('Name of parameter 1'), ' order ')
  await userEvent.fill(field('Value of parameter 1'), 'NW-1042')
  await add()
  await add()
  await userEvent.fill(field('Name of parameter 3'), 'reason')
  await run()
  expect(asked).toEqual([{ name: 'refund', params: { order: 'NW-1042', reason: '' } }])
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
})

it('asks for nothing while a value has no name, or a name is used twice', async () => {
  const { asked } = await dialog()
  await add()
  await userEvent.fill(field('Value of parameter 1'), '3')
  await run()
  await userEvent.fill(field('Name of parameter 1'), 'limit')
  await add()
  await userEvent.fill(field('Name of parameter 2'), 'limit')
  await run()
  expect(asked).toEqual([])
  await userEvent.click(page.getByRole('button', { name: 'Remove parameter 2' }))
  await expect.poll(() => hasFocus(page.getByRole('button', { name: 'Add parameter' }))).toBe(true)
  await run()
  expect(asked).toEqual([{ name: 'orders', params: { limit: '3' } }])
})

it('begins anew when it is opened again', async () => {
  const { element } = await dialog()
  await add()
  await userEvent.fill(field('Name of parameter 1'), 'limit')
  await userEvent.keyboard('{Escape}')
  element.show()
  await expect.element(page.getByRole('dialog')).toBeVisible()
  await expect.element(field('Name of parameter 1')).not.toBeInTheDocument()
})
