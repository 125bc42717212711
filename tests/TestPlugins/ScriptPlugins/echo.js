// A plugin of another language, without any library: it answers health checks, gives the unary calls of test contracts their own request back, and has no
// controller. Its arguments are printed behind its handshake.
'use strict';
const http2 = require('http2');
const path = require('path');

const socket = path.join(process.env.PLUGIN_UNIX_SOCKET_DIR, 'echo.sock');
const serving = Buffer.from([0, 0, 0, 0, 2, 0x08, 0x01]);

const server = http2.createServer();
server.on('stream', (stream, headers) => {
  const received = [];
  stream.on('data', bytes => received.push(bytes));
  stream.on('error', () => {});
  stream.on('end', () => {
    if (stream.destroyed) return;
    const health = headers[':path'].startsWith('/grpc.health.v1.Health/');
    if (!health && !headers[':path'].startsWith('/plugwire.testplugins.')) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(health ? serving : Buffer.concat(received));
  });
});
const more = process.argv.slice(2).map(line => line + '\n').join('');
server.listen(socket, () => process.stdout.write(`1|1|unix|${socket}|grpc|\n${more}`));
