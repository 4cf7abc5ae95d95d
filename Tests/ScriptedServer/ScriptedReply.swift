import Foundation

/// What a client sent.
public struct ReceivedRequest: Sendable {
    public let method: String
    /// The request's target as sent: path and query, or a whole URL if the client takes the server
    /// for a proxy.
    public let path: String
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// Which connection it came over, from 1.
    public let connection: Int

    /// The value of the first header of this name, in any case.
    public subscript(header: String) -> String? {
        headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }

    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// What the server does about one request: `delay` seconds after it came, the answer.
public struct ScriptedReply: Sendable {
    enum Answer: Sendable {
        case whole([UInt8])
        /// As chunks, each so many seconds after the one before.
        case chunks([(after: Double, bytes: [UInt8])])
        /// Announces `total` bytes, sends these and closes; with `reset`, by a TCP reset.
        case cut([UInt8], total: Int, reset: Bool)
        /// These bytes in place of a reply, then closes.
        case raw([UInt8])
        case reset
        case closed
        case hang
    }

    public var status = 200
    public var headers: [(name: String, value: String)] = []
    public var delay: Double = 0
    var answer: Answer

    public static func bytes(
        _ body: [UInt8], status: Int = 200, headers: [(name: String, value: String)] = [],
        delay: Double = 0
    ) -> ScriptedReply {
        ScriptedReply(status: status, headers: headers, delay: delay, answer: .whole(body))
    }

    public static func text(_ body: String, status: Int = 200, delay: Double = 0) -> ScriptedReply {
        .bytes(
            Array(body.utf8), status: status, headers: [("Content-Type", "text/plain")],
            delay: delay)
    }

    public static func json(
        _ body: String, status: Int = 200, headers: [(name: String, value: String)] = [],
        delay: Double = 0
    ) -> ScriptedReply {
        .bytes(
            Array(body.utf8), status: status,
            headers: [("Content-Type", "application/json")] + headers, delay: delay)
    }

    /// A chunked reply; each chunk is sent `after` seconds after the one before.
    public static func chunks(
        _ chunks: [(after: Double, text: String)], status: Int = 200,
        contentType: String = "text/event-stream"
    ) -> ScriptedReply {
        ScriptedReply(
            status: status, headers: [("Content-Type", contentType)],
            answer: .chunks(chunks.map { ($0.after, Array($0.text.utf8)) }))
    }

    /// Announces `total` bytes, sends these and closes the connection.
    public static func truncated(_ body: String, total: Int) -> ScriptedReply {
        ScriptedReply(answer: .cut(Array(body.utf8), total: total, reset: false))
    }

    /// Announces `total` bytes, sends these and resets the connection.
    public static func reset(after body: String, total: Int) -> ScriptedReply {
        ScriptedReply(answer: .cut(Array(body.utf8), total: total, reset: true))
    }

    /// Resets the connection without a reply.
    public static func reset(delay: Double = 0) -> ScriptedReply {
        ScriptedReply(delay: delay, answer: .reset)
    }

    /// Closes the connection without a reply.
    public static func closed(delay: Double = 0) -> ScriptedReply {
        ScriptedReply(delay: delay, answer: .closed)
    }

    /// Bytes that need not be HTTP, then the end of the connection.
    public static func garbage(_ bytes: [UInt8]) -> ScriptedReply {
        ScriptedReply(answer: .raw(bytes))
    }

    /// Never answers; keeps the connection open.
    public static let hang = ScriptedReply(answer: .hang)
}
