import '@chat-widget/widget'
import { Component, CUSTOM_ELEMENTS_SCHEMA, computed, signal } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'

/** The answer of your own server, which knows who is signed in. */
async function requestContextProvider(needsRefresh: boolean, { signal }: { signal: AbortSignal }) {
  const response = await fetch(`/chat-token?fresh=${needsRefresh}`, { method: 'POST', signal })
  return { Auth: { Token: (await response.json()).token as string } }
}

@Component({
  selector: 'app-shop',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Northwind</h1>
    <button type="button" (click)="customer() ? signOut() : signIn()">
      {{ customer() ? 'Sign out' : 'Sign in' }}
    </button>
    <chat-widget
      app="demo"
      server="http://localhost:8080"
      [user]="user()"
      (login-button)="signIn()"
    ></chat-widget>
  `,
})
class Shop {
  /** Stands for your site's login. */
  readonly customer = signal<string | null>(null)
  readonly user = computed(() => {
    const userIdentifier = this.customer()
    return userIdentifier === null ? null : { userIdentifier, requestContextProvider }
  })

  signIn() {
    this.customer.set('alex@example.com')
  }

  signOut() {
    this.customer.set(null)
  }
}

bootstrapApplication(Shop)
