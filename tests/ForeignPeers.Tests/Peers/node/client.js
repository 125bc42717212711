// The official interop cases on grpc-js: a function for each, which throws when its case does not hold.
'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const grpc = require('@grpc/grpc-js');
const { TestService, UnimplementedService, zeros } = require('./service');

const { status } = grpc;
const [REQUEST, RESPONSE] = [271828, 314159];
const PING_PONG = [[27182, 31415], [8, 9], [1828, 2653], [45904, 58979]];
const TEXT = 'test_initial_metadata_value';
const BYTES = Buffer.from([0xab, 0xab, 0xab]);
const GZIP = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };

const soon = () => ({ deadline: Date.now() + 60_000 });
const open = (address, options = {}, Service = TestService) => new Service(address, grpc.credentials.createInsecure(), options);

function unary(client, request, metadata = new grpc.Metadata(), method = 'unaryCall') {
  let call;
  const response = new Promise((resolve, reject) => {
    call = client[method](request, metadata, soon(), (error, value) => (error ? reject(error) : resolve(value)));
  });
  return { call, response };
}

async function large(client, fields = {}) {
  const { response } = unary(client, { responseSize: RESPONSE, payload: zeros(REQUEST), ...fields });
  assert.equal((await response).payload.body.length, RESPONSE);
}

function upload(client, options = soon()) {
  let call;
  const response = new Promise((resolve, reject) => {
    call = client.streamingInputCall(new grpc.Metadata(), options, (error, value) => (error ? reject(error) : resolve(value)));
  });
  return { call, response };
}

async function sizesOf(responses) {
  const sizes = [];
  for await (const response of responses) sizes.push(response.payload.body.length);
  return sizes;
}

async function failsWith(code, details, promise) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code);
    if (details !== null) assert.equal(error.details, details);
    return true;
  });
}

const asking = (size, responseSize) => ({ responseParameters: [{ size: responseSize }], payload: zeros(size) });

exports.cases = {
  async empty_unary(client) {
    assert.deepEqual({ ...(await unary(client, {}, undefined, 'emptyCall').response) }, {});
  },

  large_unary: (client) => large(client),

  async client_streaming(client) {
    const { call, response } = upload(client);
    for (const size of [27182, 8, 1828, 45904]) call.write({ payload: zeros(size) });
    call.end();
    assert.equal((await response).aggregatedPayloadSize, 74922);
  },

  async server_streaming(client) {
    const sizes = [31415, 9, 2653, 58979];
    const call = client.streamingOutputCall({ responseParameters: sizes.map((size) => ({ size })) }, soon());
    assert.deepEqual(await sizesOf(call), sizes);
  },

  async ping_pong(client) {
    const call = client.fullDuplexCall(soon());
    const responses = call[Symbol.asyncIterator]();
    for (const [size, responseSize] of PING_PONG) {
      call.write(asking(size, responseSize));
      assert.equal((await responses.next()).value.payload.body.length, responseSize);
    }

    call.end();
    assert.equal((await responses.next()).done, true);
  },

  async empty_stream(client) {
    const call = client.fullDuplexCall(soon());
    call.end();
    assert.deepEqual(await sizesOf(call), []);
  },

  async client_compressed_unary(client, address) {
    const compressing = open(address, GZIP);
    await large(compressing, { expectCompressed: { value: true } });
    await large(client, { expectCompressed: { value: false } });
    compressing.close();
  },

  // A channel of grpc-js compresses all of its messages or none: the case's two messages go in two calls.
  async client_compressed_streaming(client, address) {
    const compressing = open(address, GZIP);
    for (const [channel, size, value] of [[compressing, 27182, true], [client, 45904, false]]) {
      const { call, response } = upload(channel);
      call.write({ payload: zeros(size), expectCompressed: { value } });
      call.end();
      assert.equal((await response).aggregatedPayloadSize, size);
    }

    compressing.close();
  },

  async server_compressed_unary(client) {
    await large(client, { responseCompressed: { value: true } });
    await large(client, { responseCompressed: { value: false } });
  },

  async server_compressed_streaming(client) {
    const responseParameters = [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }];
    assert.deepEqual(await sizesOf(client.streamingOutputCall({ responseParameters }, soon())), [31415, 92653]);
  },

  async cancel_after_begin(client) {
    const { call, response } = upload(client);
    call.cancel();
    await failsWith(status.CANCELLED, null, response);
  },

  async cancel_after_first_response(client) {
    const call = client.fullDuplexCall(soon());
    const responses = call[Symbol.asyncIterator]();
    call.write(asking(27182, 31415));
    assert.equal((await responses.next()).value.payload.body.length, 31415);
    call.cancel();
    await failsWith(status.CANCELLED, null, responses.next());
  },

  async timeout_on_sleeping_server(client) {
    const call = client.fullDuplexCall({ deadline: Date.now() + 1 });
    call.write({ payload: zeros(27182) });
    await failsWith(status.DEADLINE_EXCEEDED, null, sizesOf(call));
  },

  async custom_metadata(client) {
    const metadata = new grpc.Metadata();
    metadata.set('x-grpc-test-echo-initial', TEXT);
    metadata.set('x-grpc-test-echo-trailing-bin', BYTES);
    const arrived = async (call) => {
      const ended = once(call, 'status');
      const [headers] = await once(call, 'metadata');
      assert.deepEqual(headers.get('x-grpc-test-echo-initial'), [TEXT]);
      assert.deepEqual((await ended)[0].metadata.get('x-grpc-test-echo-trailing-bin'), [BYTES]);
    };

    const { call, response } = unary(client, { responseSize: RESPONSE, payload: zeros(REQUEST) }, metadata);
    await Promise.all([arrived(call), response]);
    const duplex = client.fullDuplexCall(metadata, soon());
    const came = arrived(duplex);
    duplex.write(asking(REQUEST, RESPONSE));
    duplex.end();
    assert.deepEqual(await sizesOf(duplex), [RESPONSE]);
    await came;
  },

  async status_code_and_message(client) {
    const responseStatus = { code: 2, message: 'test status message' };
    await failsWith(status.UNKNOWN, responseStatus.message, unary(client, { responseStatus }).response);
    const call = client.fullDuplexCall(soon());
    call.write({ responseStatus });
    call.end();
    await failsWith(status.UNKNOWN, responseStatus.message, sizesOf(call));
  },

  async special_status_message(client) {
    const responseStatus = { code: 2, message: '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n' };
    await failsWith(status.UNKNOWN, responseStatus.message, unary(client, { responseStatus }).response);
  },

  async unimplemented_method(client) {
    await failsWith(status.UNIMPLEMENTED, null, unary(client, {}, undefined, 'unimplementedCall').response);
  },

  async unimplemented_service(_, address) {
    const other = open(address, {}, UnimplementedService);
    await failsWith(status.UNIMPLEMENTED, null, unary(other, {}, undefined, 'unimplementedCall').response);
    other.close();
  },

  async rpc_soak(client) {
    for (let i = 0; i < 100; i++) await large(client);
  },

  async channel_soak(_, address) {
    for (let i = 0; i < 20; i++) {
      const client = open(address, { 'grpc.use_local_subchannel_pool': 1 });
      await large(client);
      client.close();
    }
  },
};

exports.run = async (name, address) => {
  const client = open(address);
  await exports.cases[name](client, address);
  client.close();
};
