/** Fields for a form. */
import { LIMITS } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { type DraftField, type DraftForm, newField } from '../templates/draft-body.ts'
import { words } from '../words/words.ts'
import { addButton, lineField, removeButton, replaced, textField, valueIn, without } from './fields.ts'

const TYPES = ['text', 'textarea', 'email', 'tel', 'number', 'date', 'select'] as const

/** Length of the text of a field's choices. */
const OPTIONS_LENGTH = LIMITS.fieldOptions * (LIMITS.buttonLength + 1)

export function editForm(form: DraftForm, change: (form: DraftForm) => void) {
  const { title, fields, submit } = form
  const setFields = (next: readonly DraftField[]) => change({ ...form, fields: next })
  return html`
    ${lineField({
      ...{ label: words().editor.title, value: title, most: LIMITS.titleLength },
      change: (next) => change({ ...form, title: next }),
    })}
    ${fields.map((field, index) => editField(field, index, fields, setFields))}
    ${addButton(words().editor.addField, () => setFields([...fields, newField(fields)]), fields.length >= LIMITS.formFields)}
    ${lineField({
      ...{ label: words().card.button, value: submit, most: LIMITS.buttonLength, isRequired: true },
      change: (next) => change({ ...form, submit: next }),
    })}
  `
}

function editField(
  field: DraftField,
  index: number,
  fields: readonly DraftField[],
  change: (fields: readonly DraftField[]) => void,
) {
  const set = (part: Partial<DraftField>) => change(replaced(fields, index, { ...field, ...part }))
  const name = words().editor.field(index + 1)
  return html`<fieldset aria-label=${name}>
    <div class="part">
      ${name}${fields.length > 1 ? removeButton(words().editor.removeField(index + 1), () => change(without(fields, index))) : nothing}
    </div>
    ${lineField({
      ...{
        label: words().editor.question,
        value: field.label,
        most: LIMITS.fieldLabelLength,
        isRequired: true,
      },
      change: (label) => set({ label }),
    })}
    <div class="pair">
      <label
        >${words().editor.type}<select
          class="field"
          @change=${(event: Event) => set({ type: TYPES.find((type) => type === valueIn(event)) ?? 'text' })}
        >
          ${TYPES.map(
            (type) =>
              html`<option value=${type} ?selected=${type === field.type}>${words().editor.types[type]}</option>`,
          )}
        </select>
      </label>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${field.required}
          @change=${(event: Event) => set({ required: (event.target as HTMLInputElement).checked })}
        />${words().editor.required}</label
      >
    </div>
    ${
      field.type === 'select'
        ? textField({
            ...{
              label: words().editor.options,
              value: field.options,
              most: OPTIONS_LENGTH,
              isRequired: true,
            },
            change: (options) => set({ options }),
          })
        : nothing
    }
  </fieldset>`
}
