/** Shows the menu of text in a window. */
import type { BrowserWindow } from 'electron';
import { Menu, clipboard } from 'electron';
import { contextMenu } from './context-menu.ts';

/** From now on the right button and the menu key show it. */
export function showTextMenus(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.on('context-menu', (_event, place) => {
    const items = contextMenu(place, {
      replaceMisspelling: (word) => webContents.replaceMisspelling(word),
      addToDictionary: (word) => void webContents.session.addWordToSpellCheckerDictionary(word),
      copyText: (text) => void clipboard.writeText(text),
    });
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });
}
