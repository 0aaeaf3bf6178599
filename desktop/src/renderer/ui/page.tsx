/** Parts of pages: their frame, notes, empty states, settings groups and rows, skeletons. */
import './page.css';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

/** An inline note. */
export function Note({
  tone,
  icon,
  children,
  actions,
}: {
  readonly tone: 'bad' | 'wrn' | 'inf';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={`note ${tone}`}>
      {icon}
      <div className="grow">{children}</div>
      {actions}
    </div>
  );
}

/** What a pane shows when there is nothing in it. */
export function EmptyState({
  icon,
  title,
  body,
  children,
  isSmall,
}: {
  readonly icon?: ReactNode;
  readonly title?: string | undefined;
  readonly body?: ReactNode;
  readonly children?: ReactNode;
  readonly isSmall?: boolean;
}) {
  return (
    <div className={`empty${isSmall ? ' small' : ''}`}>
      {icon ? (
        <div className="glyph" aria-hidden="true">
          {icon}
        </div>
      ) : null}
      {title ? <h2>{title}</h2> : null}
      {body ? <p>{body}</p> : null}
      {children ? <div className="acts">{children}</div> : null}
    </div>
  );
}

/** A page of one column over the whole window: its close button, its head with an action, its content. */
export function Page({
  title,
  lead,
  closeLabel,
  width,
  action,
  children,
  onClose,
}: {
  readonly title: string;
  readonly lead: ReactNode;
  readonly closeLabel: string;
  /** How wide its lines may get. */
  readonly width: 'wide' | 'widest';
  /** The button at the end of the head. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}) {
  return (
    <main className="pg one" aria-label={title} data-f6="main" tabIndex={-1}>
      <div className="sbody">
        <PageClose label={closeLabel} onClose={onClose} />
        <div className={`sin ${width}`}>
          <div className="row pgh">
            <div className="grow">
              <h1>{title}</h1>
              <p className="t3">{lead}</p>
            </div>
            {action}
          </div>
          {children}
        </div>
      </div>
    </main>
  );
}

/** The cross in the corner of a page. */
export function PageClose({ label, onClose }: { readonly label: string; readonly onClose: () => void }) {
  return (
    <div className="page-close">
      <IconButton label={label} keys="Esc" onClick={onClose}>
        <X className="i" />
      </IconButton>
    </div>
  );
}

/** A titled group of settings rows. */
export function Group({
  title,
  tone,
  children,
}: {
  readonly title?: string | undefined;
  readonly tone?: 'danger' | undefined;
  readonly children: ReactNode;
}) {
  return (
    <section className={`sgrp${tone ? ` ${tone}` : ''}`}>
      {title ? <h2>{title}</h2> : null}
      <div className="sbox">{children}</div>
    </section>
  );
}

/** One row of a group. */
export function Row({
  icon,
  title,
  detail,
  children,
}: {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div className="srow">
      {icon}
      <div className="grow">
        <div>{title}</div>
        {detail ? <div className="d">{detail}</div> : null}
      </div>
      {children}
    </div>
  );
}

/** Placeholder bars of a conversation row; the same height as a real one. */
export function SkeletonRow() {
  return (
    <div className="cr" aria-hidden="true">
      <span className="sk c sk-avatar" />
      <div className="grow">
        <span className="sk sk-line" />
        <span className="sk sk-line short" />
      </div>
    </div>
  );
}
