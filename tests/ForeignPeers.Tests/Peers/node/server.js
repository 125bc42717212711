// grpc.testing.TestService on grpc-js, which compresses no responses.
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const { TestService, zeros } = require('./service');

const ECHO_INITIAL = 'x-grpc-test-echo-initial';
const ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin';

// Sends the headers, and returns the trailers.
function echoMetadata(call) {
  const headers = new grpc.Metadata();
  const trailers = new grpc.Metadata();
  for (const value of call.metadata.get(ECHO_INITIAL)) headers.add(ECHO_INITIAL, value);
  for (const value of call.metadata.get(ECHO_TRAILING)) trailers.add(ECHO_TRAILING, value);
  call.sendMetadata(headers);
  return trailers;
}

const wantsFailure = (request) => request.responseStatus && request.responseStatus.code !== 0;
const failure = (request) => ({ code: request.responseStatus.code, details: request.responseStatus.message });

function emptyCall(call, answer) {
  answer(null, {}, echoMetadata(call));
}

function unaryCall(call, answer) {
  const trailers = echoMetadata(call);
  if (wantsFailure(call.request)) answer(failure(call.request));
  else answer(null, { payload: zeros(call.request.responseSize) }, trailers);
}

function streamingInputCall(call, answer) {
  let size = 0;
  call.on('data', (request) => { size += request.payload.body.length; });
  call.on('end', () => answer(null, { aggregatedPayloadSize: size }));
}

async function answer(call, requests) {
  const trailers = echoMetadata(call);
  for await (const request of requests) {
    if (wantsFailure(request)) {
      call.emit('error', failure(request));
      return;
    }

    for (const response of request.responseParameters) {
      if (response.intervalUs > 0) await delay(response.intervalUs / 1000);
      if (!call.write({ payload: zeros(response.size) }) && !call.cancelled) {
        await new Promise((resume) => { call.once('drain', resume); call.once('cancelled', resume); });
      }
    }
  }

  call.end(trailers);
}

// The end of the requests is not the end of the call.
const requestsOf = (call) => call.iterator({ destroyOnReturn: false });

async function* whenAllHaveCome(call) {
  const requests = [];
  for await (const request of requestsOf(call)) requests.push(request);
  yield* requests;
}

exports.serve = (address) => {
  const server = new grpc.Server();
  server.addService(TestService.service, {
    emptyCall,
    unaryCall,
    streamingInputCall,
    streamingOutputCall: (call) => answer(call, [call.request]),
    fullDuplexCall: (call) => answer(call, requestsOf(call)),
    halfDuplexCall: (call) => answer(call, whenAllHaveCome(call)),
  });
  server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error) => {
    if (error) throw error;
    console.log('listening');
  });

  // Whoever started it holds the other end: it goes with him.
  process.stdin.resume().on('end', () => process.exit(0));
};
