/** The element's attributes and properties, as the engine takes them. */
import { directionOf } from '@chat-widget/protocol'
import type { AttributesElement } from '../attributes-element.ts'
import type { WidgetConfig } from '../engine-contract.ts'
import type { ChatWidgetStrings } from '../public-types.ts'

export function configOf(
  element: AttributesElement & { readonly strings: ChatWidgetStrings },
  isDarkScheme: boolean,
): WidgetConfig {
  const { app, server, mode, locale, mergePolicy, pageTitle, alerts, storage, strings, theme } = element
  const dark = theme === 'dark' || (theme === 'auto' && isDarkScheme)
  const direction = directionOf(locale)
  return { app, server, mode, locale, mergePolicy, pageTitle, alerts, storage, strings, dark, direction }
}
