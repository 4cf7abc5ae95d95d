import Foundation
import HTTP

/// Appends each span to a file as a line of OTLP JSON.
public actor TraceFile: SpanSink {
    private let handle: FileHandle

    /// - Throws: when the file cannot be made or written.
    public init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
    }

    public func record(_ span: Span) {
        // A full disk loses the trace, not the run.
        try? handle.write(contentsOf: Data(OTLP.request([span]).utf8 + [0x0A]))
    }

    public func finish() { try? handle.synchronize() }
}

/// Posts spans to an OpenTelemetry collector over OTLP/HTTP with JSON, some at a time.
public actor TraceCollector: SpanSink {
    private let client: HTTPClient
    private let url: String
    private var waiting: [Span] = []
    /// Spans that the collector did not take.
    public private(set) var lost = 0

    private static let batch = 64

    /// - Parameter url: for instance `http://127.0.0.1:4318/v1/traces`.
    public init(client: HTTPClient, url: String) {
        self.client = client
        self.url = url
    }

    public func record(_ span: Span) async {
        waiting.append(span)
        if waiting.count >= Self.batch { await finish() }
    }

    public func finish() async {
        guard !waiting.isEmpty else { return }
        let spans = waiting
        waiting = []
        let request = HTTPRequest(
            .post, url, headers: ["content-type": "application/json"],
            body: OTLP.request(spans).utf8, timeouts: HTTPTimeouts(idle: 10, total: 20),
            replyLimit: 1 << 20)
        let reply = try? await client.send(request)
        if reply.map({ (200..<300).contains($0.status) }) != true { lost += spans.count }
    }
}
