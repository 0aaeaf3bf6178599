/** Import suffixes the bundler understands (`?asset`). */
/// <reference types="electron-vite/node" />
