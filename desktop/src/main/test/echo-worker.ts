/** The echo core in a real worker thread; `connection.retryNow` makes it crash. */
import { parentPort } from 'node:worker_threads';
import { must } from '@curlew/shared/lib/result.ts';
import type { ToCore } from '../../ipc/core-port.ts';
import { createEchoCore } from './echo-core.ts';

const port = must(parentPort, 'this file runs as a worker thread');
port.postMessage({ type: 'threadFacts', sqlite: '3.0.0' });
const core = createEchoCore((message) => port.postMessage(message));
port.on('message', (message: ToCore) => {
  if (message.type === 'intent' && message.name === 'connection.retryNow') throw new RangeError('a bug');
  core.receive(message);
});
