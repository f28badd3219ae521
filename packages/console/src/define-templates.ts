/** Registers the elements that are loaded when an agent opens the templates, or edits a message. */
import { BodyEditor } from './elements/body-editor.ts'
import { EditDialog } from './elements/edit-dialog.ts'
import { TemplateDialog } from './elements/template-dialog.ts'

declare global {
  interface HTMLElementTagNameMap {
    'body-editor': BodyEditor
    'edit-dialog': EditDialog
    'template-dialog': TemplateDialog
  }
}

customElements.define('body-editor', BodyEditor)
customElements.define('edit-dialog', EditDialog)
customElements.define('template-dialog', TemplateDialog)
