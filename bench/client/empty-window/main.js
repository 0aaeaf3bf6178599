// The limit for cold start: an Electron window with one line of text and nothing behind it.
import { app, BrowserWindow } from 'electron';

await app.whenReady();
const window = new BrowserWindow({ width: 1280, height: 800 });
await window.loadFile('index.html');
