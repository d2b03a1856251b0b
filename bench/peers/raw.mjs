// No pool at all: answers a number with a number, and an array of them with an array.
import { parentPort } from 'node:worker_threads';
import { mix } from '../modules/work.mjs';

parentPort.on('message', (message) => {
  parentPort.postMessage(typeof message === 'number' ? mix(message) : message.map(mix));
});
