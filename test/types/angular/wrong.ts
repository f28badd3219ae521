import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core'
import type { LoginButtonEvent } from '@chat-widget/widget'

@Component({
  selector: 'app-wrong',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <chat-widget #chat
      (unread-change)="signIn($event)"
      (login-button)="chat.cancelLogin($event.detail.count)"
    ></chat-widget>
    <button (click)="chat.open()"></button>
  `,
})
export class Wrong {
  signIn({ detail }: LoginButtonEvent): string {
    return detail.requestId
  }
}
