package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	echoInitial  = "x-grpc-test-echo-initial"
	echoTrailing = "x-grpc-test-echo-trailing-bin"
)

func echoed(ctx context.Context) (headers, trailers metadata.MD) {
	asked, _ := metadata.FromIncomingContext(ctx)
	headers, trailers = metadata.MD{}, metadata.MD{}
	if values := asked.Get(echoInitial); len(values) > 0 {
		headers[echoInitial] = values
	}
	if values := asked.Get(echoTrailing); len(values) > 0 {
		trailers[echoTrailing] = values
	}
	return headers, trailers
}

func asked(failure *EchoStatus) error {
	if failure == nil || failure.Code == 0 {
		return nil
	}
	return status.Error(codes.Code(failure.Code), failure.Message)
}

func echo(ctx context.Context) {
	headers, trailers := echoed(ctx)
	grpc.SetHeader(ctx, headers)
	grpc.SetTrailer(ctx, trailers)
}

func emptyCall(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	if err := decode(&Empty{}); err != nil {
		return nil, err
	}
	echo(ctx)
	return &Empty{}, nil
}

func unaryCall(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	request := &SimpleRequest{}
	if err := decode(request); err != nil {
		return nil, err
	}
	echo(ctx)
	return &SimpleResponse{Payload: zeros(request.ResponseSize)}, asked(request.ResponseStatus)
}

func streamingInputCall(_ interface{}, stream grpc.ServerStream) error {
	var size int32
	for {
		request := &InputRequest{}
		if err := stream.RecvMsg(request); err == io.EOF {
			return stream.SendMsg(&InputResponse{AggregatedPayloadSize: size})
		} else if err != nil {
			return err
		}
		size += request.Payload.size()
	}
}

// Answers each request when it comes, or all when the last has come.
func answering(held bool) grpc.StreamHandler {
	return func(_ interface{}, stream grpc.ServerStream) error {
		headers, trailers := echoed(stream.Context())
		stream.SetHeader(headers)
		stream.SetTrailer(trailers)
		var waiting []*OutputRequest
		for {
			request := &OutputRequest{}
			if err := stream.RecvMsg(request); err == io.EOF {
				break
			} else if err != nil {
				return err
			}
			if held {
				waiting = append(waiting, request)
			} else if err := answer(stream, request); err != nil {
				return err
			}
		}
		for _, request := range waiting {
			if err := answer(stream, request); err != nil {
				return err
			}
		}
		return nil
	}
}

func answer(stream grpc.ServerStream, request *OutputRequest) error {
	if err := asked(request.ResponseStatus); err != nil {
		return err
	}
	for _, response := range request.ResponseParameters {
		time.Sleep(time.Duration(response.IntervalUs) * time.Microsecond)
		if err := stream.SendMsg(&OutputResponse{Payload: zeros(response.Size)}); err != nil {
			return err
		}
	}
	return nil
}

var service = grpc.ServiceDesc{
	ServiceName: "grpc.testing.TestService",
	HandlerType: (*interface{})(nil),
	Methods: []grpc.MethodDesc{
		{MethodName: "EmptyCall", Handler: emptyCall},
		{MethodName: "UnaryCall", Handler: unaryCall},
	},
	Streams: []grpc.StreamDesc{
		{StreamName: "StreamingInputCall", Handler: streamingInputCall, ClientStreams: true},
		{StreamName: "StreamingOutputCall", Handler: answering(false), ServerStreams: true},
		{StreamName: "FullDuplexCall", Handler: answering(false), ClientStreams: true, ServerStreams: true},
		{StreamName: "HalfDuplexCall", Handler: answering(true), ClientStreams: true, ServerStreams: true},
	},
}

func serve(address string) error {
	listener, err := net.Listen("unix", strings.TrimPrefix(address, "unix:"))
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	server.RegisterService(&service, struct{}{})
	go func() {
		// Whoever started it holds the other end: it goes with him.
		io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Println("listening")
	return server.Serve(listener)
}
