// The limit for cold start: an Electron window with one line of text and nothing behind it.
import { app, BrowserWindow } from 'electron';

// Not awaited at the top level: Electron gets ready only after this module has run.
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800 });
  return window.loadFile('index.html');
});
