'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const protos = path.resolve(__dirname, '../../../Interop.Service/protos');
const definition = loader.loadSync('grpc/testing/test.proto', { includeDirs: [protos], defaults: true });

exports.TestService = grpc.loadPackageDefinition(definition).grpc.testing.TestService;
exports.UnimplementedService = grpc.loadPackageDefinition(definition).grpc.testing.UnimplementedService;
exports.zeros = (size) => ({ body: Buffer.alloc(size) });
