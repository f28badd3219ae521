/** Styles of the fields for a message's content. */
import { css } from 'lit'

export const bodyEditorStyles = css`
  :host {
    display: grid;
    gap: 0.875rem;
  }

  label {
    display: grid;
    gap: 0.25rem;
    min-inline-size: 0;
    font-weight: 500;
  }

  .field {
    min-inline-size: 0;
    font-weight: 400;
  }

  textarea {
    min-block-size: 4.5rem;
    resize: vertical;
    field-sizing: content;
    max-block-size: 18rem;
  }

  fieldset {
    display: grid;
    gap: 0.625rem;
    min-inline-size: 0;
    margin: 0;
    padding: 0.75rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }

  .part {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: 1.75rem;
    font-weight: 600;
  }

  .pair {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 0.625rem;
    align-items: end;
  }

  .row {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
    gap: 0.375rem;
  }

  .check {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    min-block-size: 2.25rem;
  }

  .check input {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    accent-color: var(--accent);
  }

  .add {
    justify-self: start;
    margin-inline-start: -0.5rem;
  }

  .group {
    display: grid;
    gap: 0.375rem;
    font-weight: 500;
  }

  @media (max-width: 47.5rem) {
    .pair {
      grid-template-columns: minmax(0, 1fr);
    }
    /* The address below the label, where it has room. */
    .row {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .row > :nth-child(2) {
      grid-area: 2 / 1;
    }
  }
`
