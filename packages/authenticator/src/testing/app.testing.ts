/** The whole page over a device that the test plays; new for each test. */
import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, beforeEach } from 'vitest'
import { type Locator, page } from 'vitest/browser'
import type { DeviceState } from '../device/device-state.ts'
import type { AuthenticatorApp } from '../elements/authenticator-app.ts'
import { createFakeClient, type FakeClient } from './fake-client.testing.ts'
import { mount, settled } from './render.testing.ts'

/** Client of the page that was opened last. */
export let client: FakeClient

/** Call it at the top of a file. */
export function useApp(): void {
  beforeEach(async () => {
    await page.viewport(1024, 800)
  })

  afterEach(() => {
    fixtureCleanup()
    document.documentElement.dir = 'ltr'
  })
}

export interface OpenOptions extends Partial<AuthenticatorApp> {
  /** Prepares the device's answers before the page asks for anything. */
  readonly prepare?: (client: FakeClient) => void
}

export async function open(
  state: DeviceState,
  { prepare = () => {}, ...properties }: OpenOptions = {},
): Promise<AuthenticatorApp> {
  client = createFakeClient(state)
  prepare(client)
  return mount('authenticator-app', { client, ...properties })
}

export async function set(app: AuthenticatorApp, state: DeviceState): Promise<void> {
  client.set(state)
  await settled(app)
}

export const button = (name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
