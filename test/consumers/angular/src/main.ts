import '@chat-widget/widget'
import {
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  type ElementRef,
  provideZonelessChangeDetection,
  viewChild,
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import type { ChatWidgetElement } from '@chat-widget/widget'

async function requestContextProvider() {
  const response = await fetch('http://localhost:8081/chat-token', { method: 'POST' })
  return { Auth: { Token: (await response.json()).token as string } }
}

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <button type="button" (click)="signIn()">Sign in</button>
    <chat-widget #chat app="demo" server="http://localhost:8080"></chat-widget>
  `,
})
class App {
  readonly chat = viewChild.required<ElementRef<ChatWidgetElement>>('chat')

  signIn() {
    this.chat().nativeElement.user = { userIdentifier: 'alex@example.com', requestContextProvider }
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] })
