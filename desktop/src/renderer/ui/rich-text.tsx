/**
 * Draws message text. Links open outside, after main checked their scheme. What a person wrote runs the way its own
 * letters do (`dir="auto"`), whatever language the window speaks.
 */
import { memo, useMemo, type MouseEvent, type ReactNode } from 'react';
import type { MentionRow } from '../../ipc/message-rows.ts';
import { tell } from '../lib/bridge.ts';
import { parseMarkdown, type Block, type Inline } from '@curlew/shared/lib/markdown.ts';

const nobody: readonly MentionRow[] = [];

/** Message text with its Markdown subset. Only what the message mentions is marked, whatever else stands behind an "@". */
export const RichText = memo(function RichText({
  text,
  mentions = nobody,
}: {
  readonly text: string;
  readonly mentions?: readonly MentionRow[] | undefined;
}) {
  const names = useMemo(
    () => new Map(mentions.map(({ name, isOwn }) => [name, isOwn ? ('own' as const) : ('other' as const)])),
    [mentions],
  );
  return <>{parseMarkdown(text, names).map((block, at) => drawBlock(block, at))}</>;
});

function drawBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'code':
      return (
        <pre key={key}>
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at} dir="auto">
          {drawInline(item)}
        </li>
      ));
      return block.isOrdered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
    case 'quote':
      return (
        <blockquote key={key} dir="auto">
          {drawLines(block.lines)}
        </blockquote>
      );
    case 'paragraph':
      return (
        <span key={key} dir="auto">
          {drawLines(block.lines)}
        </span>
      );
  }
}

function drawLines(lines: readonly (readonly Inline[])[]): ReactNode {
  return lines.map((line, at) => (
    <span key={at}>
      {at > 0 ? <br /> : null}
      {drawInline(line)}
    </span>
  ));
}

function drawInline(parts: readonly Inline[]): ReactNode {
  return parts.map((part, at) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'code':
        return <code key={at}>{part.text}</code>;
      case 'mention':
        return (
          <span key={at} className={part.isOwn ? 'mention own' : 'mention'}>
            {part.text}
          </span>
        );
      case 'strong':
        return <strong key={at}>{drawInline(part.parts)}</strong>;
      case 'em':
        return <em key={at}>{drawInline(part.parts)}</em>;
      case 'link':
        return (
          <a key={at} href={part.url} tabIndex={-1} onClick={(event) => openOutside(event, part.url)}>
            {part.text}
          </a>
        );
    }
  });
}

function openOutside(event: MouseEvent, url: string): void {
  event.preventDefault();
  tell('app.openExternal', { url });
}
