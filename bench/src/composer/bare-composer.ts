/** The reference: a text field in a Lit element, on a page that connects by socket.io-client, both as published. */
import { html, LitElement } from 'lit'
import { io } from 'socket.io-client'

class BareComposer extends LitElement {
  override connectedCallback(): void {
    super.connectedCallback()
    // The server refuses it, as it is no chat; a page of this kind would connect at the same moment.
    io(this.getAttribute('server') ?? '')
  }

  protected override render() {
    return html`<textarea aria-label="Your message"></textarea>`
  }
}

customElements.define('bare-composer', BareComposer)
