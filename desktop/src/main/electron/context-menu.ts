/**
 * The menu of the right button, or the menu key, over text: spelling, the clipboard and links. Where the page shows a
 * menu of its own (a message, a row of a list) this one is never asked for.
 */
import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import { externalLink } from '../links.ts';
import { texts } from '../texts.ts';

/** What the menu goes by. */
export type MenuPlace = Pick<
  ContextMenuParams,
  'misspelledWord' | 'dictionarySuggestions' | 'isEditable' | 'selectionText' | 'linkURL' | 'editFlags'
>;

/** What its entries do that no role does. */
export interface ContextMenuPorts {
  replaceMisspelling(word: string): void;
  addToDictionary(word: string): void;
  copyText(text: string): void;
}

const MAX_SUGGESTIONS = 5;

/** The entries; none where there is nothing to do. */
export function contextMenu(place: MenuPlace, ports: ContextMenuPorts): MenuItemConstructorOptions[] {
  const groups = [spellingItems(place, ports), linkItems(place, ports), textItems(place)];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : [{ type: 'separator' } as const, ...group]));
}

function spellingItems(
  { misspelledWord, dictionarySuggestions, isEditable }: MenuPlace,
  ports: ContextMenuPorts,
): MenuItemConstructorOptions[] {
  if (!isEditable || misspelledWord === '') return [];
  const suggestions = dictionarySuggestions.slice(0, MAX_SUGGESTIONS).map((word) => ({
    label: word,
    click: () => ports.replaceMisspelling(word),
  }));
  return [
    ...(suggestions.length > 0 ? suggestions : [{ label: texts.noSuggestions, enabled: false }]),
    { label: texts.addToDictionary, click: () => ports.addToDictionary(misspelledWord) },
  ];
}

function linkItems({ linkURL }: MenuPlace, ports: ContextMenuPorts): MenuItemConstructorOptions[] {
  const link = externalLink(linkURL);
  return link === undefined ? [] : [{ label: texts.copyLink, click: () => ports.copyText(link) }];
}

function textItems({ isEditable, selectionText, editFlags }: MenuPlace): MenuItemConstructorOptions[] {
  const copy = { label: texts.copy, role: 'copy', enabled: editFlags.canCopy } as const;
  if (!isEditable) return selectionText.trim() === '' ? [] : [copy];
  return [
    { label: texts.undo, role: 'undo', enabled: editFlags.canUndo },
    { label: texts.redo, role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { label: texts.cut, role: 'cut', enabled: editFlags.canCut },
    copy,
    { label: texts.paste, role: 'paste', enabled: editFlags.canPaste },
    { label: texts.pastePlain, role: 'pasteAndMatchStyle', enabled: editFlags.canPaste },
    { label: texts.selectAll, role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}
