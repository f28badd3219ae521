/** An icon button of the panel's header, whose name is shown on hover. */
import { ask, type PanelRequest } from '../panel-request.ts'
import { make, put } from './dom.ts'

export const iconButton = (panel: HTMLElement, request: PanelRequest, ...content: readonly Node[]) =>
  make(
    'button',
    { type: 'button', className: 'icon-button', part: request.type, onclick: () => ask(panel, request) },
    ...content,
  )

export const nameButton = (button: HTMLElement, name: string) =>
  put(button, { title: name, 'aria-label': name })
