package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	prefix       = "/grpc.testing.TestService/"
	requestSize  = 271828
	responseSize = 314159
)

var pingPong = [][2]int32{{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}}

// A case that does not hold panics with the reason; main says it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func same(expected, found interface{}, what string) {
	if !reflect.DeepEqual(expected, found) {
		panic(fmt.Errorf("%s: expected %v, found %v", what, expected, found))
	}
}

func failed(code codes.Code, message *string, err error) {
	same(code, status.Code(err), fmt.Sprintf("status of %v", err))
	if message != nil {
		same(*message, status.Convert(err).Message(), "status message")
	}
}

type run struct {
	ctx     context.Context
	channel *grpc.ClientConn
	address string
}

func (r run) unary(request *SimpleRequest, options ...grpc.CallOption) error {
	response := &SimpleResponse{}
	if err := r.channel.Invoke(r.ctx, prefix+"UnaryCall", request, response, options...); err != nil {
		return err
	}
	same(request.ResponseSize, response.Payload.size(), "size of the response")
	return nil
}

func large() *SimpleRequest {
	return &SimpleRequest{ResponseSize: responseSize, Payload: zeros(requestSize)}
}

func asking(size, response int32) *OutputRequest {
	return &OutputRequest{ResponseParameters: []*ResponseParameters{{Size: response}}, Payload: zeros(size)}
}

func (r run) stream(ctx context.Context, method string, options ...grpc.CallOption) grpc.ClientStream {
	desc := &grpc.StreamDesc{ClientStreams: method != "StreamingOutputCall", ServerStreams: method != "StreamingInputCall"}
	stream, err := r.channel.NewStream(ctx, desc, prefix+method, options...)
	must(err)
	return stream
}

func next(stream grpc.ClientStream, size int32) {
	response := &OutputResponse{}
	must(stream.RecvMsg(response))
	same(size, response.Payload.size(), "size of the response")
}

func ended(stream grpc.ClientStream) {
	same(io.EOF, stream.RecvMsg(&OutputResponse{}), "end of the responses")
}

func (r run) upload(sum int32, requests []*InputRequest, options ...grpc.CallOption) {
	stream := r.stream(r.ctx, "StreamingInputCall", options...)
	for _, request := range requests {
		must(stream.SendMsg(request))
	}
	must(stream.CloseSend())
	response := &InputResponse{}
	must(stream.RecvMsg(response))
	same(sum, response.AggregatedPayloadSize, "sum of the sizes")
}

func (r run) download(parameters ...*ResponseParameters) {
	stream := r.stream(r.ctx, "StreamingOutputCall")
	must(stream.SendMsg(&OutputRequest{ResponseParameters: parameters}))
	must(stream.CloseSend())
	for _, response := range parameters {
		next(stream, response.Size)
	}
	ended(stream)
}

var cases = map[string]func(run){
	"empty_unary": func(r run) {
		must(r.channel.Invoke(r.ctx, prefix+"EmptyCall", &Empty{}, &Empty{}))
	},
	"large_unary": func(r run) { must(r.unary(large())) },
	"client_streaming": func(r run) {
		r.upload(74922, []*InputRequest{{Payload: zeros(27182)}, {Payload: zeros(8)}, {Payload: zeros(1828)}, {Payload: zeros(45904)}})
	},
	"server_streaming": func(r run) {
		r.download(&ResponseParameters{Size: 31415}, &ResponseParameters{Size: 9}, &ResponseParameters{Size: 2653}, &ResponseParameters{Size: 58979})
	},
	"ping_pong": func(r run) {
		stream := r.stream(r.ctx, "FullDuplexCall")
		for _, sizes := range pingPong {
			must(stream.SendMsg(asking(sizes[0], sizes[1])))
			next(stream, sizes[1])
		}
		must(stream.CloseSend())
		ended(stream)
	},
	"empty_stream": func(r run) {
		stream := r.stream(r.ctx, "FullDuplexCall")
		must(stream.CloseSend())
		ended(stream)
	},
	"client_compressed_unary": func(r run) {
		compressed, plain := large(), large()
		compressed.ExpectCompressed = &BoolValue{Value: true}
		plain.ExpectCompressed = &BoolValue{}
		must(r.unary(compressed, grpc.UseCompressor(gzip.Name)))
		must(r.unary(plain))
	},
	// Go compresses all messages of a call or none: the case's two messages go in two calls.
	"client_compressed_streaming": func(r run) {
		r.upload(27182, []*InputRequest{{Payload: zeros(27182), ExpectCompressed: &BoolValue{Value: true}}}, grpc.UseCompressor(gzip.Name))
		r.upload(45904, []*InputRequest{{Payload: zeros(45904), ExpectCompressed: &BoolValue{}}})
	},
	"server_compressed_unary": func(r run) {
		for _, compressed := range []bool{true, false} {
			request := large()
			request.ResponseCompressed = &BoolValue{Value: compressed}
			must(r.unary(request))
		}
	},
	"server_compressed_streaming": func(r run) {
		r.download(&ResponseParameters{Size: 31415, Compressed: &BoolValue{Value: true}}, &ResponseParameters{Size: 92653, Compressed: &BoolValue{}})
	},
	"cancel_after_begin": func(r run) {
		ctx, cancel := context.WithCancel(r.ctx)
		stream := r.stream(ctx, "StreamingInputCall")
		cancel()
		failed(codes.Canceled, nil, stream.RecvMsg(&InputResponse{}))
	},
	"cancel_after_first_response": func(r run) {
		ctx, cancel := context.WithCancel(r.ctx)
		stream := r.stream(ctx, "FullDuplexCall")
		must(stream.SendMsg(asking(27182, 31415)))
		next(stream, 31415)
		cancel()
		failed(codes.Canceled, nil, stream.RecvMsg(&OutputResponse{}))
	},
	"timeout_on_sleeping_server": func(r run) {
		ctx, cancel := context.WithTimeout(r.ctx, time.Millisecond)
		defer cancel()
		stream, err := r.channel.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, prefix+"FullDuplexCall")
		if err == nil {
			// Too late to be written is the same end: the status comes with the next read.
			if err = stream.SendMsg(&OutputRequest{Payload: zeros(27182)}); err == nil || err == io.EOF {
				err = stream.RecvMsg(&OutputResponse{})
			}
		}
		failed(codes.DeadlineExceeded, nil, err)
	},
	"custom_metadata": func(r run) {
		const text, bytes = "test_initial_metadata_value", "\xab\xab\xab"
		var headers, trailers metadata.MD
		arrived := func() {
			same([]string{text}, headers.Get(echoInitial), "initial metadata")
			same([]string{bytes}, trailers.Get(echoTrailing), "trailing metadata")
		}
		r.ctx = metadata.AppendToOutgoingContext(r.ctx, echoInitial, text, echoTrailing, bytes)
		must(r.unary(large(), grpc.Header(&headers), grpc.Trailer(&trailers)))
		arrived()
		stream := r.stream(r.ctx, "FullDuplexCall")
		must(stream.SendMsg(asking(requestSize, responseSize)))
		next(stream, responseSize)
		must(stream.CloseSend())
		ended(stream)
		var err error
		headers, err = stream.Header()
		must(err)
		trailers = stream.Trailer()
		arrived()
	},
	"status_code_and_message": func(r run) {
		message := "test status message"
		failed(codes.Unknown, &message, r.unary(&SimpleRequest{ResponseStatus: &EchoStatus{Code: 2, Message: message}}))
		stream := r.stream(r.ctx, "FullDuplexCall")
		must(stream.SendMsg(&OutputRequest{ResponseStatus: &EchoStatus{Code: 2, Message: message}}))
		must(stream.CloseSend())
		failed(codes.Unknown, &message, stream.RecvMsg(&OutputResponse{}))
	},
	"special_status_message": func(r run) {
		message := "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
		failed(codes.Unknown, &message, r.unary(&SimpleRequest{ResponseStatus: &EchoStatus{Code: 2, Message: message}}))
	},
	"unimplemented_method": func(r run) {
		failed(codes.Unimplemented, nil, r.channel.Invoke(r.ctx, prefix+"UnimplementedCall", &Empty{}, &Empty{}))
	},
	"unimplemented_service": func(r run) {
		failed(codes.Unimplemented, nil, r.channel.Invoke(r.ctx, "/grpc.testing.UnimplementedService/UnimplementedCall", &Empty{}, &Empty{}))
	},
	"rpc_soak": func(r run) {
		for i := 0; i < 100; i++ {
			must(r.unary(large()))
		}
	},
	"channel_soak": func(r run) {
		for i := 0; i < 20; i++ {
			channel := dial(r.ctx, r.address)
			must(run{r.ctx, channel, r.address}.unary(large()))
			channel.Close()
		}
	},
}

func dial(ctx context.Context, address string) *grpc.ClientConn {
	channel, err := grpc.DialContext(ctx, address, grpc.WithInsecure(), grpc.WithBlock())
	must(err)
	return channel
}
