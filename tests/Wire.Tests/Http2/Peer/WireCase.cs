using Plugwire.Wire.Http2;

namespace Plugwire.Wire.Tests.Http2.Peer;

/// <summary>What the peer sends while stream 1 stands at a stage, and what has to follow. Unless it says which, a case is for both roles.</summary>
internal sealed record WireCase
{
    /// <summary>What a stream is told of the request that <see cref="Raw.RequestBlock"/> makes.</summary>
    public const string Request = "headers :method=POST :scheme=http :path=/a/b :authority=here";

    private readonly byte[][] _frames;
    private readonly Http2ErrorCode? _code;
    private readonly bool _endsConnection;

    private WireCase(byte[][] frames, Http2ErrorCode? code, bool endsConnection)
    {
        _frames = frames;
        _code = code;
        _endsConnection = endsConnection;
    }

    public Stage Stage { get; init; } = Stage.Open;

    /// <summary>The one role that the case is for; null for both.</summary>
    public Http2Role? Role { get; init; }

    /// <summary>The stream that a stream error is on.</summary>
    public int StreamId { get; init; } = 1;

    /// <summary>Whether a stream has been accepted before the error on it, or on another.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>What the frames are answered with, WINDOW_UPDATE left out; nothing by default. Of cases that are no error.</summary>
    public string Answer { get; init; } = "";

    /// <summary>What stream 1 is told; null when that is of no matter. Of cases that are no error.</summary>
    public string? Told { get; init; }

    /// <summary>An error of the connection: GOAWAY with the code, and the end.</summary>
    public static WireCase EndsConnection(Http2ErrorCode code, params byte[][] frames) => new(frames, code, endsConnection: true);

    /// <summary>An error of the stream: RST_STREAM with the code, once, and the connection goes on.</summary>
    public static WireCase EndsStream(Http2ErrorCode code, params byte[][] frames) => new(frames, code, endsConnection: false);

    /// <summary>No error.</summary>
    public static WireCase IsTaken(params byte[][] frames) => new(frames, code: null, endsConnection: false);

    /// <summary>The case is about what comes as a request: for a server, before there is a stream.</summary>
    public WireCase OfRequest() => this with { Stage = Stage.Idle, Role = Http2Role.Server };

    /// <summary>The case is about what comes as a response: for a client that has sent its request.</summary>
    public WireCase OfResponse() => this with { Stage = Stage.Requested, Role = Http2Role.Client };

    /// <summary>The same, with what stream 1 is told.</summary>
    public WireCase Telling(string told) => this with { Told = told };

    /// <summary>A row for each case in each of its roles.</summary>
    public static TheoryData<string, string> Rows(IReadOnlyDictionary<string, WireCase> cases)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (name, each) in cases)
        {
            foreach (var role in each.Role is { } only ? [only] : new[] { Http2Role.Server, Http2Role.Client })
                rows.Add(role.ToString(), name);
        }

        return rows;
    }

    public async Task RunAsync(string role)
    {
        await using var connection = await ConnectionUnderTest.StartAsync(Enum.Parse<Http2Role>(role));
        var stream = connection.IsClient ? await CallAsync(connection) : await ServeAsync(connection);
        await connection.Peer.FenceAsync();
        await connection.Peer.SendUntilClosedAsync(_frames);

        if (_code is not { } code)
            await ExpectTakenAsync(connection, stream);
        else if (_endsConnection)
            await ExpectEndAsync(connection, stream, code);
        else
            await ExpectResetAsync(connection, stream, code);
    }

    private bool IsOver => Stage is Stage.Ended or Stage.ResetByPeer or Stage.ResetByUs;

    private async Task<RecordingStream?> ServeAsync(ConnectionUnderTest server)
    {
        if (Stage == Stage.Idle)
            return null;

        var stream = await server.AcceptAsync(1, endStream: Stage is Stage.HalfClosedRemote or Stage.Ended);
        switch (Stage)
        {
            case Stage.Ended:
                Assert.True(stream.Send(RecordingStream.ResponseHeaders, endStream: true));
                break;
            case Stage.ResetByPeer:
                await server.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel));
                await stream.ExpectAsync("reset Cancel");
                break;
            case Stage.ResetByUs:
                stream.Cancel();
                break;
            case Stage.Requested or Stage.HalfClosedLocal:
                Assert.Fail($"A server's stream is never at {Stage}: give the case its role.");
                break;
        }

        return stream;
    }

    private async Task<RecordingStream?> CallAsync(ConnectionUnderTest client)
    {
        if (Stage == Stage.Idle)
            return null;

        var stream = await client.OpenAsync(endStream: Stage is Stage.HalfClosedLocal or Stage.Ended);
        switch (Stage)
        {
            case Stage.Open or Stage.HalfClosedLocal:
                await client.Peer.SendAsync(Raw.Response(1));
                await stream.ExpectAsync("headers :status=200");
                break;
            case Stage.HalfClosedRemote or Stage.Ended:
                await client.Peer.SendAsync(Raw.Response(1, endStream: true));
                await stream.ExpectAsync("end :status=200");
                break;
            case Stage.ResetByPeer:
                await client.Peer.SendAsync(Raw.Reset(1, Http2ErrorCode.Cancel));
                await stream.ExpectAsync("reset Cancel");
                break;
            case Stage.ResetByUs:
                stream.Cancel();
                break;
        }

        return stream;
    }

    private async Task ExpectEndAsync(ConnectionUnderTest connection, RecordingStream? stream, Http2ErrorCode code)
    {
        await connection.Peer.ExpectGoAwayAsync(code);
        await connection.ClosedAsync();
        Assert.Equal(code, connection.Connection.Loss!.ErrorCode);
        Assert.Contains(connection.Messages, message => message.Contains(code.ToString(), StringComparison.Ordinal));
        ExpectLast(stream, IsOver ? null : $"lost {code}");
    }

    private async Task ExpectResetAsync(ConnectionUnderTest connection, RecordingStream? stream, Http2ErrorCode code)
    {
        await connection.Peer.ExpectResetAsync(StreamId, code);
        Assert.Equal(IsAccepted, connection.HasAccepted);
        if (Stage == Stage.Idle && IsAccepted)
            stream = await connection.AcceptedAsync();
        ExpectLast(stream, IsOver || StreamId != 1 ? null : $"reset {code}");
        await ExpectOpenAsync(connection);
    }

    private async Task ExpectTakenAsync(ConnectionUnderTest connection, RecordingStream? stream)
    {
        var seen = (await connection.Peer.FenceAsync()).Where(frame => frame.Type is not RawFrame.WindowUpdate);
        Assert.Equal(Answer, string.Join(", ", seen));
        if (Stage == Stage.Idle && connection.HasAccepted)
            stream = await connection.AcceptedAsync();
        if (Told is not null)
            Assert.Equal(Told, string.Join(", ", stream!.Rest()));
        await ExpectOpenAsync(connection);
    }

    // The end of a stream is the last that it is told; one that is over is told nothing.
    private static void ExpectLast(RecordingStream? stream, string? expected)
    {
        if (stream is not null)
            Assert.Equal(expected, stream.Rest() is [.., var last] ? last : null);
    }

    private static async Task ExpectOpenAsync(ConnectionUnderTest connection)
    {
        while (connection.HasAccepted)
            await connection.AcceptedAsync();
        if (connection.IsClient)
            await connection.OpenAsync();
        else
            await connection.AcceptAsync(201);
    }
}
