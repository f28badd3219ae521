/** Styles of files in the message list. */
import { css } from 'lit'

export const fileMessagesStyles = css`
  .picture {
    display: block;
    max-inline-size: min(100%, 18rem);
    border-radius: 14px;
    background: var(--surface-hover);
    overflow: hidden;
  }

  .picture img {
    display: block;
    max-inline-size: 100%;
    max-block-size: 20rem;
    block-size: auto;
    color: var(--ink-soft);
    object-fit: cover;
  }

  .picture.lost,
  a.picture:not(.lost) + .file {
    display: none;
  }

  .bubble.file {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    color: var(--ink);
    text-decoration: none;
    white-space: normal;
  }

  a.file:hover .file-name {
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .file > svg {
    color: var(--ink-soft);
  }

  .file > svg:first-child {
    inline-size: 1.375rem;
    block-size: 1.375rem;
  }

  .pending.file {
    inline-size: 18rem;
  }

  .file .button {
    flex: none;
    margin-inline-end: -0.375rem;
  }

  .file progress {
    display: block;
    inline-size: 100%;
    block-size: 0.25rem;
    margin-block: 0.25rem 0.125rem;
    accent-color: var(--focus);
  }

  .file-text {
    display: grid;
    flex: 1;
    min-inline-size: 0;
  }

  .file-name {
    font-weight: 500;
  }
`
