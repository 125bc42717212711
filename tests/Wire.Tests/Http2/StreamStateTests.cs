using FsCheck.Fluent;
using Plugwire.Wire.Http2;
using static Plugwire.Wire.Http2.Http2ErrorCode;
using static Plugwire.Wire.Http2.StreamPhase;

namespace Plugwire.Wire.Tests.Http2;

public sealed class StreamStateTests
{
    internal enum Event
    {
        SendHeaders, SendHeadersAndEnd, SendData, SendDataAndEnd, SendReset,
        ReceiveHeaders, ReceiveHeadersAndEnd, ReceiveData, ReceiveDataAndEnd, ReceiveReset, ReceiveWindowUpdate,
    }

    // What an event answers: a send that may not be is Refused.
    internal enum Answer { Ok, Refused, Ignore, StreamError, ConnectionError }

    internal sealed record Row(StreamPhase From, Event Event, StreamPhase To, Answer Answer = Answer.Ok, Http2ErrorCode Code = NoError);

    private static readonly Row[] Table =
    [
        new(Idle, Event.SendHeaders, Open),
        new(Idle, Event.SendHeadersAndEnd, HalfClosedLocal),
        new(Idle, Event.SendData, Idle, Answer.Refused),
        new(Idle, Event.SendDataAndEnd, Idle, Answer.Refused),
        new(Idle, Event.SendReset, Idle, Answer.Refused),
        new(Idle, Event.ReceiveHeaders, Open),
        new(Idle, Event.ReceiveHeadersAndEnd, HalfClosedRemote),
        new(Idle, Event.ReceiveData, Idle, Answer.ConnectionError, ProtocolError),
        new(Idle, Event.ReceiveDataAndEnd, Idle, Answer.ConnectionError, ProtocolError),
        new(Idle, Event.ReceiveReset, Idle, Answer.ConnectionError, ProtocolError),
        new(Idle, Event.ReceiveWindowUpdate, Idle, Answer.ConnectionError, ProtocolError),

        new(Open, Event.SendHeaders, Open),
        new(Open, Event.SendHeadersAndEnd, HalfClosedLocal),
        new(Open, Event.SendData, Open),
        new(Open, Event.SendDataAndEnd, HalfClosedLocal),
        new(Open, Event.SendReset, ResetSent),
        new(Open, Event.ReceiveHeaders, Open),
        new(Open, Event.ReceiveHeadersAndEnd, HalfClosedRemote),
        new(Open, Event.ReceiveData, Open),
        new(Open, Event.ReceiveDataAndEnd, HalfClosedRemote),
        new(Open, Event.ReceiveReset, ResetReceived),
        new(Open, Event.ReceiveWindowUpdate, Open),

        new(HalfClosedLocal, Event.SendHeaders, HalfClosedLocal, Answer.Refused),
        new(HalfClosedLocal, Event.SendHeadersAndEnd, HalfClosedLocal, Answer.Refused),
        new(HalfClosedLocal, Event.SendData, HalfClosedLocal, Answer.Refused),
        new(HalfClosedLocal, Event.SendDataAndEnd, HalfClosedLocal, Answer.Refused),
        new(HalfClosedLocal, Event.SendReset, ResetSent),
        new(HalfClosedLocal, Event.ReceiveHeaders, HalfClosedLocal),
        new(HalfClosedLocal, Event.ReceiveHeadersAndEnd, Ended),
        new(HalfClosedLocal, Event.ReceiveData, HalfClosedLocal),
        new(HalfClosedLocal, Event.ReceiveDataAndEnd, Ended),
        new(HalfClosedLocal, Event.ReceiveReset, ResetReceived),
        new(HalfClosedLocal, Event.ReceiveWindowUpdate, HalfClosedLocal, Answer.Ignore),

        new(HalfClosedRemote, Event.SendHeaders, HalfClosedRemote),
        new(HalfClosedRemote, Event.SendHeadersAndEnd, Ended),
        new(HalfClosedRemote, Event.SendData, HalfClosedRemote),
        new(HalfClosedRemote, Event.SendDataAndEnd, Ended),
        new(HalfClosedRemote, Event.SendReset, ResetSent),
        new(HalfClosedRemote, Event.ReceiveHeaders, HalfClosedRemote, Answer.StreamError, StreamClosed),
        new(HalfClosedRemote, Event.ReceiveHeadersAndEnd, HalfClosedRemote, Answer.StreamError, StreamClosed),
        new(HalfClosedRemote, Event.ReceiveData, HalfClosedRemote, Answer.StreamError, StreamClosed),
        new(HalfClosedRemote, Event.ReceiveDataAndEnd, HalfClosedRemote, Answer.StreamError, StreamClosed),
        new(HalfClosedRemote, Event.ReceiveReset, ResetReceived),
        new(HalfClosedRemote, Event.ReceiveWindowUpdate, HalfClosedRemote),

        .. Closed(Ended, Answer.ConnectionError, StreamClosed),
        .. Closed(ResetSent, Answer.Ignore, NoError),
        .. Closed(ResetReceived, Answer.StreamError, StreamClosed),
    ];

    // However a stream was closed: nothing is sent, late resets and credits are dropped. Only late HEADERS and DATA make a difference.
    private static Row[] Closed(StreamPhase phase, Answer late, Http2ErrorCode code) =>
    [
        new(phase, Event.SendHeaders, phase, Answer.Refused),
        new(phase, Event.SendHeadersAndEnd, phase, Answer.Refused),
        new(phase, Event.SendData, phase, Answer.Refused),
        new(phase, Event.SendDataAndEnd, phase, Answer.Refused),
        new(phase, Event.SendReset, phase, Answer.Refused),
        new(phase, Event.ReceiveHeaders, phase, late, code),
        new(phase, Event.ReceiveHeadersAndEnd, phase, late, code),
        new(phase, Event.ReceiveData, phase, late, code),
        new(phase, Event.ReceiveDataAndEnd, phase, late, code),
        new(phase, Event.ReceiveReset, phase, Answer.Ignore),
        new(phase, Event.ReceiveWindowUpdate, phase, Answer.Ignore),
    ];

    [Fact]
    public void Table_EveryPhaseAndEvent_StandsInItOnce() =>
        Assert.Equal(
            from phase in Enum.GetValues<StreamPhase>() from e in Enum.GetValues<Event>() select (phase, e),
            Table.Select(row => (row.From, row.Event)));

    public static TheoryData<int> Rows => new(Enumerable.Range(0, Table.Length));

    [Theory]
    [MemberData(nameof(Rows))]
    public void State_AtAnEvent_MovesAsTheTableSays(int rowIndex)
    {
        var row = Table[rowIndex];
        var state = In(row.From);

        var (answer, code) = Apply(ref state, row.Event);

        Assert.Equal(row, new Row(row.From, row.Event, state.Phase, answer, code));
    }

    [Fact]
    public void State_AnyHistory_FollowsFromWhatWasSentAndReceived() =>
        Replayed.ForAllHistories(Gen.Elements(Enum.GetValues<Event>()), Replay);

    // The model keeps what happened and derives the rest from it.
    private static void Replay(Event[] events)
    {
        var state = new StreamState();
        var happened = new List<Event>();
        foreach (var e in events)
        {
            var begun = happened.Count > 0;
            var resetSent = happened.Contains(Event.SendReset);
            var resetReceived = happened.Contains(Event.ReceiveReset);
            var localEnded = happened.Contains(Event.SendHeadersAndEnd) || happened.Contains(Event.SendDataAndEnd);
            var remoteEnded = happened.Contains(Event.ReceiveHeadersAndEnd) || happened.Contains(Event.ReceiveDataAndEnd);
            var closed = resetSent || resetReceived || (localEnded && remoteEnded);
            Assert.Equal(closed, state.IsClosed);
            Assert.Equal(begun && !closed && !localEnded, state.CanSend);
            Assert.Equal(begun && !closed && !remoteEnded, state.CanReceive);

            var isHeaders = e is Event.SendHeaders or Event.SendHeadersAndEnd or Event.ReceiveHeaders or Event.ReceiveHeadersAndEnd;
            var (answer, code) = Apply(ref state, e);
            var expected = e switch
            {
                _ when !begun => isHeaders ? (Answer.Ok, NoError)
                    : e < Event.ReceiveHeaders ? (Answer.Refused, NoError) : (Answer.ConnectionError, ProtocolError),
                Event.SendReset => (closed ? Answer.Refused : Answer.Ok, NoError),
                < Event.ReceiveHeaders => (closed || localEnded ? Answer.Refused : Answer.Ok, NoError),
                Event.ReceiveReset => (closed ? Answer.Ignore : Answer.Ok, NoError),
                Event.ReceiveWindowUpdate => (closed || localEnded ? Answer.Ignore : Answer.Ok, NoError),
                _ when resetSent => (Answer.Ignore, NoError),
                _ when resetReceived => (Answer.StreamError, StreamClosed),
                _ when remoteEnded => (localEnded ? Answer.ConnectionError : Answer.StreamError, StreamClosed),
                _ => (Answer.Ok, NoError),
            };
            Assert.Equal(expected, (answer, code));
            if (answer == Answer.Ok) happened.Add(e);
        }
    }

    private static StreamState In(StreamPhase phase)
    {
        Event[] path = phase switch
        {
            Idle => [],
            Open => [Event.SendHeaders],
            HalfClosedLocal => [Event.SendHeadersAndEnd],
            HalfClosedRemote => [Event.ReceiveHeadersAndEnd],
            Ended => [Event.SendHeadersAndEnd, Event.ReceiveDataAndEnd],
            ResetSent => [Event.SendHeaders, Event.SendReset],
            _ => [Event.SendHeaders, Event.ReceiveReset],
        };
        var state = new StreamState();
        foreach (var e in path) Assert.Equal((Answer.Ok, NoError), Apply(ref state, e));
        Assert.Equal(phase, state.Phase);
        return state;
    }

    private static (Answer Answer, Http2ErrorCode Code) Apply(ref StreamState state, Event e)
    {
        return e switch
        {
            Event.SendHeaders => Sent(state.TrySendHeaders(endStream: false)),
            Event.SendHeadersAndEnd => Sent(state.TrySendHeaders(endStream: true)),
            Event.SendData => Sent(state.TrySendData(endStream: false)),
            Event.SendDataAndEnd => Sent(state.TrySendData(endStream: true)),
            Event.SendReset => Sent(state.TrySendReset()),
            Event.ReceiveHeaders => Received(state.ReceiveHeaders(endStream: false)),
            Event.ReceiveHeadersAndEnd => Received(state.ReceiveHeaders(endStream: true)),
            Event.ReceiveData => Received(state.ReceiveData(endStream: false)),
            Event.ReceiveDataAndEnd => Received(state.ReceiveData(endStream: true)),
            Event.ReceiveReset => Received(state.ReceiveReset()),
            Event.ReceiveWindowUpdate => Received(state.ReceiveWindowUpdate()),
            _ => throw new ArgumentOutOfRangeException(nameof(e), e, "No such event."),
        };

        static (Answer, Http2ErrorCode) Sent(bool isSent) => (isSent ? Answer.Ok : Answer.Refused, NoError);

        static (Answer, Http2ErrorCode) Received(StreamVerdict verdict) => (Enum.Parse<Answer>(verdict.Kind.ToString()), verdict.ErrorCode);
    }
}
