/** Styles of a fieldset of radio buttons, shown as one control with a segment each. */
import { css } from 'lit'

export const segmentStyles = css`
  fieldset {
    display: flex;
    margin: 0;
    padding: 2px;
    border: 0;
    border-radius: 9px;
    background: var(--surface-hover);
  }

  fieldset label {
    position: relative;
    flex: 1;
    cursor: pointer;
  }

  fieldset input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }

  fieldset label > span {
    display: grid;
    place-items: center;
    block-size: 100%;
    min-block-size: 1.75rem;
    padding-inline: 0.75rem;
    border-radius: 7px;
    color: var(--ink-soft);
    font-weight: 500;
    white-space: nowrap;
  }

  fieldset input:checked + span {
    background: var(--surface-segment);
    color: var(--ink);
    box-shadow: 0 1px 2px rgb(20 24 40 / 0.16);
  }

  fieldset input:focus-visible + span {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }

  @media (forced-colors: active) {
    fieldset input:checked + span {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`
