import { describe, expect, it } from 'vitest';
import type { MenuPlace } from './context-menu.ts';
import { contextMenu } from './context-menu.ts';

const editFlags = {
  canUndo: false,
  canRedo: false,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};
const nothing: MenuPlace = {
  misspelledWord: '',
  dictionarySuggestions: [],
  isEditable: false,
  selectionText: '',
  linkURL: '',
  editFlags,
};

function open(place: Partial<MenuPlace>) {
  const did: string[] = [];
  const items = contextMenu(
    { ...nothing, ...place },
    {
      replaceMisspelling: (word) => did.push(`replace ${word}`),
      addToDictionary: (word) => did.push(`add ${word}`),
      copyText: (text) => did.push(`copy ${text}`),
    },
  );
  const press = (label: string) => {
    const item = items.find((one) => one.label === label);
    // Electron hands over the item, the window and the event, which none of them looks at.
    (item?.click as (() => void) | undefined)?.();
    return did;
  };
  return { labels: items.map(({ type, label }) => label ?? type), items, press };
}

describe('the menu over text', () => {
  it('offers words for a misspelled one, and to keep it', () => {
    const menu = open({
      isEditable: true,
      misspelledWord: 'herron',
      dictionarySuggestions: ['heron', 'herring'],
    });
    expect(menu.labels.slice(0, 4)).toEqual(['heron', 'herring', 'Add to dictionary', 'separator']);
    expect(menu.press('heron')).toEqual(['replace heron']);
    expect(menu.press('Add to dictionary')).toEqual(['replace heron', 'add herron']);
    expect(open({ isEditable: true, misspelledWord: 'xqz' }).labels[0]).toBe('No suggestions');
  });

  it('edits a text field, each entry only when it can', () => {
    const menu = open({ isEditable: true });
    expect(menu.labels).toEqual([
      'Undo',
      'Redo',
      'separator',
      'Cut',
      'Copy',
      'Paste',
      'Paste without formatting',
      'Select all',
    ]);
    expect(menu.items.filter(({ enabled }) => enabled === false).map(({ label }) => label)).toEqual([
      'Undo',
      'Redo',
    ]);
  });

  it('copies what is selected elsewhere, and is not there when nothing is', () => {
    expect(open({ selectionText: 'a few words' }).labels).toEqual(['Copy']);
    expect(open({ selectionText: ' ' }).labels).toEqual([]);
  });

  it('copies the address of a link that leads out, and no other', () => {
    const menu = open({ linkURL: 'https://example.org/a', selectionText: 'a' });
    expect(menu.labels).toEqual(['Copy link address', 'separator', 'Copy']);
    expect(menu.press('Copy link address')).toEqual(['copy https://example.org/a']);
    expect(open({ linkURL: 'curlew-app://app/index.html#x' }).labels).toEqual([]);
  });
});
