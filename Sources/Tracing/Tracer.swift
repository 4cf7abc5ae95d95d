import Foundation

/// Tells what a run spent its time on, as OpenTelemetry spans.
///
/// A trace decides nothing: a run with one and a run without one come to the same. Spans nest by the
/// task they are in. Read next: ``SpanSink`` and its two makers, ``TraceFile`` and ``TraceCollector``.
public struct Tracer: Sendable {
    private let sink: any SpanSink
    private let traceID: String
    private let now: @Sendable () -> Date

    /// The span that new ones belong to, in this task and the tasks that it starts.
    @TaskLocal private static var parent: String?

    public init(
        sink: any SpanSink, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sink = sink
        self.now = now
        traceID = Self.identifier(bytes: 16)
    }

    /// Runs `body` as a span; what it starts belongs to it.
    public func span<T: Sendable>(
        _ name: String, _ attributes: [SpanAttribute] = [], _ body: () async throws -> T
    ) async throws -> T {
        let span = start(name, kind: .internal, attributes)
        do {
            let result = try await Self.$parent.withValue(span.id) { try await body() }
            await end(span)
            return result
        } catch {
            await end(span, error: (type: "\(type(of: error))", message: ""))
            throw error
        }
    }

    public func start(
        _ name: String, kind: Span.Kind, _ attributes: [SpanAttribute] = []
    ) -> OpenSpan {
        OpenSpan(
            id: Self.identifier(bytes: 8), parent: Self.parent, name: name, kind: kind,
            start: now(), attributes: attributes)
    }

    /// Hands the span on. A message must hold no secret and no text of a prompt.
    public func end(
        _ span: OpenSpan, adding attributes: [SpanAttribute] = [],
        error: (type: String, message: String)? = nil
    ) async {
        var all = span.attributes + attributes
        if let error { all.append(("error.type", .text(error.type))) }
        await sink.record(
            Span(
                traceID: traceID, id: span.id, parent: span.parent, name: span.name,
                kind: span.kind, start: span.start, end: now(), attributes: all,
                failure: error?.message))
    }

    /// Lets the sink send what it still holds.
    public func finish() async { await sink.finish() }

    /// Random, not drawn from a run's seed: two runs of one study are two traces.
    private static func identifier(bytes: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var generator = SystemRandomNumberGenerator()
        let text = (0..<2 * bytes).map { _ in digits[Int(generator.next() & 15)] }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A span that has begun.
public struct OpenSpan: Sendable {
    let id: String
    let parent: String?
    let name: String
    let kind: Span.Kind
    let start: Date
    let attributes: [SpanAttribute]
}

public typealias SpanAttribute = (name: String, value: SpanValue)

public enum SpanValue: Sendable, Hashable {
    case text(String)
    case texts([String])
    case int(Int)
    case double(Double)
}

/// A finished span.
public struct Span: Sendable {
    /// Numbered as OTLP does.
    public enum Kind: Int, Sendable {
        case `internal` = 1
        case client = 3
    }

    /// 32 hexadecimal digits.
    public let traceID: String
    /// 16 hexadecimal digits.
    public let id: String
    public let parent: String?
    public let name: String
    public let kind: Kind
    public let start: Date
    public let end: Date
    public let attributes: [SpanAttribute]
    /// Why it failed; nil when it did not.
    public let failure: String?
}

/// Takes finished spans. A sink that cannot keep one never fails the run.
public protocol SpanSink: Sendable {
    func record(_ span: Span) async
    func finish() async
}
