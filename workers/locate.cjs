// The thread of src/compute/locate.ts: imports a module that cannot be parsed, and posts where its error is. The
// inspector knows: the script that an error is of by its number, and, of scripts that fail while it listens, the URL.
const { Session, console: inspected } = require('node:inspector');
const { parentPort, workerData } = require('node:worker_threads');

const { url, needsTsx, message } = workerData;
const session = new Session();
session.connect();
const urls = new Map();
session.on('Debugger.scriptFailedToParse', ({ params }) => urls.set(params.scriptId, params.url));
session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));

load().then(
  () => process.exit(),
  (error) => parentPort.postMessage(error.message === message ? positionOf(error) : undefined),
);

async function load() {
  if (needsTsx) (await import('tsx/esm/api')).register();
  session.post('Debugger.enable');
  await import(url);
}

function positionOf(error) {
  let position;
  session.on('Runtime.consoleAPICalled', ({ params }) => {
    session.post('Runtime.getExceptionDetails', { errorObjectId: params.args[0].objectId }, (_, told) => {
      const { scriptId, lineNumber } = told?.exceptionDetails ?? {};
      if (urls.has(scriptId)) position = { url: urls.get(scriptId), line: lineNumber + 1 };
    });
  });
  session.post('Runtime.enable');
  inspected.log(error); // to the inspector alone: so it gives the error a number
  return position;
}
