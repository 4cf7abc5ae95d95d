import Foundation
import HTTP
import Testing

@testable import Serving

/// Runs what blocks on a thread of its own: the pool's threads are the handlers'.
func blocking<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}

/// A server that runs until the body is over. Its handler is `echo` unless another is given.
func withServer(
    limits: ServerLimits = ServerLimits(), handler: @escaping HTTPServer.Handler = echo,
    _ body: (_ port: Int) async throws -> Void
) async throws {
    let server = HTTPServer(limits: limits, handler: handler)
    let port = try server.start()
    do {
        try await body(port)
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// Says what it was asked.
@Sendable func echo(_ request: ServedRequest) async -> ServedReply {
    let path = request.segments.joined(separator: "|")
    return .text(
        "\(request.method.rawValue) \(path) \(String(decoding: request.body, as: UTF8.self))")
}

/// One connection, used by hand. Every wait ends after ten seconds, with an error.
final class RawConnection: Sendable {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    let socket: Int32

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var time = timeval(tv_sec: 10, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                socket, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit { close(socket) }

    /// - Returns: how many bytes were taken: all, unless the server closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    func finishSending() { _ = shutdown(socket, Int32(SHUT_WR)) }

    /// What has come until the text is complete, as told by the closure.
    func receive(until isComplete: (String) -> Bool) throws -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !isComplete(String(decoding: bytes, as: UTF8.self)) {
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { throw Failure(call: "recv", code: count == 0 ? 0 : errno) }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything until the server closes.
    func receiveAll() throws -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            // A reset after the reply was read is an end, too.
            if count < 0, errno == ECONNRESET { return String(decoding: bytes, as: UTF8.self) }
            guard count > 0 else { throw Failure(call: "recv", code: errno) }
            bytes += piece[..<count]
        }
    }
}

/// Everything the server answers to some bytes, until it closes.
func answer(to bytes: [UInt8], port: Int) async throws -> String {
    try await blocking {
        let connection = try RawConnection(port: port)
        connection.send(bytes)
        return try connection.receiveAll()
    }
}

func answer(to text: String, port: Int) async throws -> String {
    try await answer(to: Array(text.utf8), port: port)
}

/// The number in the status line of a reply.
func status(of reply: String) -> Int? {
    reply.split(separator: " ").dropFirst().first.flatMap { Int($0) }
}

/// Waits until something holds that soon will; gives up after ten seconds.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ holds: () -> Bool
) async throws {
    for _ in 0..<1_000 {
        if holds() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(what, sourceLocation: sourceLocation)
}
