/** Styles of the claims under the conversation's header. */
import { css } from 'lit'

export const visitorClaimsStyles = css`
  :host {
    display: block;
    flex: none;
    min-inline-size: 0;
  }

  .scroll {
    max-block-size: min(8.5rem, 30vh);
    padding: 0.5rem 1.25rem;
    overflow-y: auto;
    border-block-end: 1px solid var(--line);
    /* A shadow at the lower edge while there is more below; the end of the content covers it. */
    background:
      linear-gradient(var(--surface), var(--surface)) bottom / 100% 0.75rem no-repeat local,
      linear-gradient(transparent, color-mix(in srgb, var(--line-strong) 35%, transparent)) bottom / 100% 0.625rem no-repeat;
    font-size: 0.75rem;
    line-height: 1.125rem;
  }

  .scroll:focus-visible {
    outline-offset: -2px;
  }

  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem 1.25rem;
  }

  .claim {
    display: flex;
    align-items: baseline;
    gap: 0.375rem;
    min-inline-size: 0;
    max-inline-size: min(100%, 30rem);
  }

  dt {
    flex: none;
    max-inline-size: min(10rem, 40vw);
    overflow: hidden;
    color: var(--ink-soft);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  dd {
    display: flex;
    align-items: baseline;
    gap: 0.375rem;
    min-inline-size: 0;
  }

  /* Two lines at most; clipped as well, for letters that stack marks on top of each other. */
  .value {
    display: -webkit-box;
    min-inline-size: 0;
    overflow: hidden;
    font-weight: 500;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
  }

  .proof,
  .mark {
    display: inline-flex;
    flex: none;
    align-items: center;
    align-self: flex-start;
  }

  .proof {
    block-size: 1.125rem;
    color: var(--good);
  }

  .mark {
    gap: 0.1875rem;
    padding-inline: 0.3125rem 0.4375rem;
    border-radius: 99px;
    background: var(--warn-surface);
    color: var(--warn);
    font-weight: 500;
    white-space: nowrap;
  }

  svg {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }

  @media (max-width: 47.5rem) {
    .scroll {
      padding-inline: 0.875rem;
    }
  }

  @media (forced-colors: active) {
    .mark {
      outline: 1px solid CanvasText;
    }
  }
`
