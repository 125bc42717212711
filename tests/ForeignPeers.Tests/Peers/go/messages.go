package main

import "github.com/golang/protobuf/proto"

// The messages of grpc.testing: the runtime reads their layout from the tags.

type Empty struct{}

type BoolValue struct {
	Value bool `protobuf:"varint,1,opt,name=value,proto3"`
}

type Payload struct {
	Type int32  `protobuf:"varint,1,opt,name=type,proto3"`
	Body []byte `protobuf:"bytes,2,opt,name=body,proto3"`
}

type EchoStatus struct {
	Code    int32  `protobuf:"varint,1,opt,name=code,proto3"`
	Message string `protobuf:"bytes,2,opt,name=message,proto3"`
}

type SimpleRequest struct {
	ResponseSize       int32       `protobuf:"varint,2,opt,name=response_size,proto3"`
	Payload            *Payload    `protobuf:"bytes,3,opt,name=payload,proto3"`
	ResponseCompressed *BoolValue  `protobuf:"bytes,6,opt,name=response_compressed,proto3"`
	ResponseStatus     *EchoStatus `protobuf:"bytes,7,opt,name=response_status,proto3"`
	ExpectCompressed   *BoolValue  `protobuf:"bytes,8,opt,name=expect_compressed,proto3"`
}

type SimpleResponse struct {
	Payload *Payload `protobuf:"bytes,1,opt,name=payload,proto3"`
}

type InputRequest struct {
	Payload          *Payload   `protobuf:"bytes,1,opt,name=payload,proto3"`
	ExpectCompressed *BoolValue `protobuf:"bytes,2,opt,name=expect_compressed,proto3"`
}

type InputResponse struct {
	AggregatedPayloadSize int32 `protobuf:"varint,1,opt,name=aggregated_payload_size,proto3"`
}

type ResponseParameters struct {
	Size       int32      `protobuf:"varint,1,opt,name=size,proto3"`
	IntervalUs int32      `protobuf:"varint,2,opt,name=interval_us,proto3"`
	Compressed *BoolValue `protobuf:"bytes,3,opt,name=compressed,proto3"`
}

type OutputRequest struct {
	ResponseParameters []*ResponseParameters `protobuf:"bytes,2,rep,name=response_parameters,proto3"`
	Payload            *Payload              `protobuf:"bytes,3,opt,name=payload,proto3"`
	ResponseStatus     *EchoStatus           `protobuf:"bytes,7,opt,name=response_status,proto3"`
}

type OutputResponse struct {
	Payload *Payload `protobuf:"bytes,1,opt,name=payload,proto3"`
}

func (m *Empty) Reset()              { *m = Empty{} }
func (m *BoolValue) Reset()          { *m = BoolValue{} }
func (m *Payload) Reset()            { *m = Payload{} }
func (m *EchoStatus) Reset()         { *m = EchoStatus{} }
func (m *SimpleRequest) Reset()      { *m = SimpleRequest{} }
func (m *SimpleResponse) Reset()     { *m = SimpleResponse{} }
func (m *InputRequest) Reset()       { *m = InputRequest{} }
func (m *InputResponse) Reset()      { *m = InputResponse{} }
func (m *ResponseParameters) Reset() { *m = ResponseParameters{} }
func (m *OutputRequest) Reset()      { *m = OutputRequest{} }
func (m *OutputResponse) Reset()     { *m = OutputResponse{} }

func (m *Empty) String() string              { return proto.CompactTextString(m) }
func (m *BoolValue) String() string          { return proto.CompactTextString(m) }
func (m *Payload) String() string            { return proto.CompactTextString(m) }
func (m *EchoStatus) String() string         { return proto.CompactTextString(m) }
func (m *SimpleRequest) String() string      { return proto.CompactTextString(m) }
func (m *SimpleResponse) String() string     { return proto.CompactTextString(m) }
func (m *InputRequest) String() string       { return proto.CompactTextString(m) }
func (m *InputResponse) String() string      { return proto.CompactTextString(m) }
func (m *ResponseParameters) String() string { return proto.CompactTextString(m) }
func (m *OutputRequest) String() string      { return proto.CompactTextString(m) }
func (m *OutputResponse) String() string     { return proto.CompactTextString(m) }

func (*Empty) ProtoMessage()              {}
func (*BoolValue) ProtoMessage()          {}
func (*Payload) ProtoMessage()            {}
func (*EchoStatus) ProtoMessage()         {}
func (*SimpleRequest) ProtoMessage()      {}
func (*SimpleResponse) ProtoMessage()     {}
func (*InputRequest) ProtoMessage()       {}
func (*InputResponse) ProtoMessage()      {}
func (*ResponseParameters) ProtoMessage() {}
func (*OutputRequest) ProtoMessage()      {}
func (*OutputResponse) ProtoMessage()     {}

func zeros(size int32) *Payload { return &Payload{Body: make([]byte, size)} }

func (m *Payload) size() int32 {
	if m == nil {
		return 0
	}
	return int32(len(m.Body))
}
