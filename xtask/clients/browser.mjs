// Drives Chromium over its own protocol, without a driver: `browser.mjs CHROMIUM FOLDER`, FOLDER for its profile.
//
// Each line of input is JSON, and so is each line of output, which says what the page did:
// The first line of output says which browser it is.
//   {"load":URL}   a new visitor without a cache loads a page, waits until it says that it is done, asks for what it loads later
//   {"open":URL}   the same, but asks for nothing later; the page stays open
//   {"later":true} the open page asks for it now, and is closed
import { spawn } from 'node:child_process';
import readline from 'node:readline';

const LIMIT_MS = 20_000;
const [chromium, folder] = process.argv.slice(2);
const browser = spawn(chromium, [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-proxy-server',
  '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank',
], { stdio: ['ignore', 'ignore', 'pipe'] });
process.on('exit', () => browser.kill('SIGKILL'));

const said = [];
const url = await new Promise((resolve, reject) => {
  const lines = readline.createInterface({ input: browser.stderr });
  lines.on('line', (line) => {
    said.push(line);
    const found = /^DevTools listening on (ws:.*)$/.exec(line);
    if (found) resolve(found[1]);
  });
  const end = (why) => reject(new Error(`Chromium does not start: ${why}\n${said.join('\n')}`));
  browser.on('error', (error) => end(error.message));
  browser.on('exit', (code) => end(`exit code ${code}`));
  setTimeout(() => end('no answer in time'), LIMIT_MS).unref();
});

const socket = new WebSocket(url);
await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
const waiting = new Map();
const sessions = new Map();
let number = 0;
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.id === undefined) return sessions.get(message.sessionId)?.(message.method, message.params);
  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) reject(new Error(JSON.stringify(message.error)));
  else resolve(message.result);
};
const call = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
  number += 1;
  waiting.set(number, { resolve, reject });
  socket.send(JSON.stringify({ id: number, method, params, sessionId }));
});
console.log(JSON.stringify(await call('Browser.getVersion')));

// A visitor of their own: what one has cached the next has not.
async function visitor() {
  const { browserContextId } = await call('Target.createBrowserContext');
  const { targetId } = await call('Target.createTarget', { url: 'about:blank', browserContextId });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const report = { requests: [], failed: [], errors: [] };
  const asked = new Map();
  sessions.set(sessionId, (method, params) => {
    if (method === 'Network.requestWillBeSent') asked.set(params.requestId, params.request.url);
    if (method === 'Network.responseReceived') {
      report.requests.push(`${params.response.status} ${params.response.url}`);
      if (params.response.status >= 400) report.failed.push(`${params.response.status} ${params.response.url}`);
    }
    if (method === 'Network.loadingFailed') report.failed.push(`${params.errorText} ${asked.get(params.requestId)}`);
    if (method === 'Runtime.exceptionThrown') report.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type)) report.errors.push(JSON.stringify(params.args));
    if (method === 'Log.entryAdded' && ['error', 'warning'].includes(params.entry.level)) report.errors.push(`${params.entry.text} ${params.entry.url ?? ''}`);
  });
  const page = (method, params) => call(method, params, sessionId);
  for (const domain of ['Network', 'Runtime', 'Log', 'Page']) await page(`${domain}.enable`);
  const evaluate = async (expression) => (await page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result?.value;
  const until = async (name) => {
    const end = Date.now() + LIMIT_MS;
    for (;;) {
      const value = await evaluate(`document.documentElement.dataset.${name}`).catch(() => undefined);
      if (value || report.failed.length + report.errors.length > 0) return value ?? null;
      if (Date.now() > end) return null;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    async open(address) {
      await page('Page.navigate', { url: address });
      report.done = await until('done');
    },
    async later() {
      await evaluate('window.later()');
      report.later = await until('later');
    },
    async close() {
      await call('Target.disposeBrowserContext', { browserContextId });
      sessions.delete(sessionId);
      return report;
    },
    report,
  };
}

let open;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const wish = JSON.parse(line);
  if (wish.later) {
    await open.later();
    console.log(JSON.stringify(await open.close()));
    continue;
  }
  const one = await visitor();
  await one.open(wish.load ?? wish.open);
  if (wish.open) {
    open = one;
    console.log(JSON.stringify(one.report));
    continue;
  }
  await one.later();
  console.log(JSON.stringify(await one.close()));
}
process.exit();
