import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core'
import type { ChatUser, ChatWidgetElement, LoginButtonEvent } from '@chat-widget/widget'

@Component({
  selector: 'app-shop',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <chat-widget
      #chat
      app="shop"
      mode="inline"
      merge-policy="separate"
      connect="eager"
      [user]="user()"
      [open]="false"
      [strings]="{ title: 'Help' }"
      (login-button)="signIn($event, chat)"
      (unread-change)="unread.set($event.detail.count)"
    ><img slot="header-logo" src="/logo.svg" alt="" /></chat-widget>
    <button (click)="chat.show()">{{ chat.getState().unread.toFixed() }}</button>
  `,
})
export class Shop {
  readonly user = signal<ChatUser | null>(null)
  readonly unread = signal(0)

  signIn({ detail }: LoginButtonEvent, chat: ChatWidgetElement): void {
    chat.cancelLogin(detail.requestId)
  }
}
