/** Styles of the templates' dialog: list and template side by side, or one at a time on a phone. */
import { css } from 'lit'

export const templateDialogStyles = css`
  dialog {
    inline-size: min(56rem, calc(100vw - 2rem));
    block-size: min(40rem, calc(100dvh - 2rem));
    padding: 0;
    overflow: hidden;
  }

  .frame {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(13rem, 18rem) minmax(0, 1fr);
    block-size: 100%;
  }

  header {
    display: flex;
    grid-column: 1 / -1;
    gap: 0.5rem;
    align-items: center;
    padding-block: 0.75rem;
    padding-inline: 1.25rem 0.75rem;
    border-block-end: 1px solid var(--line);
  }

  h2 {
    flex: 1;
  }

  .back {
    display: none;
  }

  .back svg:dir(rtl) {
    scale: -1 1;
  }

  .side {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    border-inline-end: 1px solid var(--line);
    background: var(--surface-side);
  }

  .search {
    position: relative;
    padding: 0.625rem;
  }

  .search svg {
    position: absolute;
    inset-block-start: 1.25rem;
    inset-inline-start: 1.25rem;
    color: var(--ink-soft);
  }

  .search .field {
    padding-inline-start: 1.875rem;
  }

  ul {
    flex: 1;
    min-block-size: 0;
    padding: 0 0.375rem 0.375rem;
    overflow-y: auto;
  }

  .item {
    display: grid;
    inline-size: 100%;
    padding: 0.5rem 0.625rem;
    border: 0;
    border-radius: var(--radius);
    background: none;
    text-align: start;
    cursor: pointer;
  }

  .item:hover {
    background: var(--surface-hover);
  }

  .item[aria-current] {
    background: var(--surface-selected);
  }

  .item:focus-visible {
    outline-offset: -2px;
  }

  .item span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .item .name {
    font-weight: 500;
  }

  .soft {
    color: var(--ink-soft);
    font-size: 0.8125rem;
  }

  .new {
    margin: 0.625rem;
  }

  .main {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }

  .scroll {
    display: grid;
    flex: 1;
    gap: 0.875rem;
    align-content: start;
    min-block-size: 0;
    margin: 0;
    padding: 1rem 1.25rem;
    overflow-y: auto;
    overflow-wrap: anywhere;
  }

  .scroll > label {
    display: grid;
    gap: 0.25rem;
    font-weight: 500;
  }

  .preview {
    display: flex;
    flex-direction: column;
    gap: 0.375rem;
    align-items: flex-start;
    --bubble: var(--bubble-agent);
  }

  /* Long words of three kinds fit into a phone. */
  .kinds label > span {
    padding-inline: 0;
    white-space: normal;
  }

  .actions {
    flex-wrap: wrap;
    padding: 0.75rem 1.25rem;
    border-block-start: 1px solid var(--line);
  }

  .actions .start {
    display: flex;
    gap: 0.25rem;
    margin-inline-end: auto;
  }

  .problem {
    padding: 0.375rem 1.25rem;
    background: var(--bad-surface);
    color: var(--bad);
    font-weight: 500;
  }

  .empty {
    display: grid;
    flex: 1;
    gap: 0.375rem;
    place-content: center;
    justify-items: center;
    padding: 1.5rem;
    color: var(--ink-soft);
    text-align: center;
  }

  .empty .title {
    color: var(--ink);
    font-weight: 600;
  }

  .empty svg {
    inline-size: 1.75rem;
    block-size: 1.75rem;
  }

  @media (max-width: 47.5rem) {
    dialog {
      inline-size: 100vw;
      max-inline-size: 100vw;
      block-size: 100dvh;
      max-block-size: 100dvh;
      border: 0;
      border-radius: 0;
    }
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }
    .side {
      border: 0;
    }
    .reading .side,
    .frame:not(.reading) .main {
      display: none;
    }
    .reading .back {
      display: inline-flex;
    }
    /* Without a template there is no list to search: what they are for stands in its place. */
    .frame:has(.new):not(.reading, :has(.side input)) {
      grid-template-rows: minmax(0, 1fr) auto;
    }
    .frame:has(.new):not(.reading, :has(.side input)) .main {
      display: grid;
      order: -1;
    }
  }

  @media (forced-colors: active) {
    .item[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`
