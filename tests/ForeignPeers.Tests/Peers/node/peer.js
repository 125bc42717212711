// A peer on grpc-js. `peer.js client CASE ADDRESS` ends with 0 when the interop case holds; `peer.js server ADDRESS` serves until its input ends.
'use strict';

const client = require('./client');
const server = require('./server');

const [role, ...rest] = process.argv.slice(2);
if (role === 'client' && rest.length === 2 && Object.hasOwn(client.cases, rest[0])) {
  client.run(...rest).catch((error) => {
    console.error(error);
    process.exit(1);
  });
} else if (role === 'server' && rest.length === 1) {
  server.serve(rest[0]);
} else {
  console.error(`peer.js client CASE ADDRESS | server ADDRESS\nCases: ${Object.keys(client.cases).join(' ')}`);
  process.exit(2);
}
