import Foundation
import Synchronization

/// A real HTTP/1.1 server on 127.0.0.1 for tests: a closure decides what becomes of each request.
///
/// ```swift
/// let server = try ScriptedServer { request in .json(#"{"path":"\#(request.path)"}"#) }
/// let reply = try await client.send(HTTPRequest(.get, server.url + "/models"))
/// #expect(server.requests.count == 1)
/// ```
///
/// It keeps connections alive and gives each a thread of its own, on which the closure is called;
/// 300 and more connections at once are no trouble. It stops when it is released: keep it in a
/// variable until the test is over (`withExtendedLifetime` if nothing else reads it).
public final class ScriptedServer: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        init(_ call: String) {
            description = "\(call): \(String(cString: strerror(errno)))"
        }
    }

    /// What the threads share; lives until the last of them has ended.
    private final class Core: Sendable {
        struct Record {
            var requests: [ReceivedRequest] = []
            var connectionCount = 0
            var openCount = 0
        }

        let listener: Int32
        /// Its reading end becomes readable when the server stops.
        let stopPipe: (read: Int32, write: Int32)
        let record = Mutex(Record())
        let decide: @Sendable (ReceivedRequest) -> ScriptedReply

        init(
            listener: Int32, stopPipe: (read: Int32, write: Int32),
            decide: @escaping @Sendable (ReceivedRequest) -> ScriptedReply
        ) {
            self.listener = listener
            self.stopPipe = stopPipe
            self.decide = decide
        }

        deinit {
            for descriptor in [listener, stopPipe.read, stopPipe.write] { close(descriptor) }
        }

        func stop() {
            var byte: UInt8 = 0
            _ = write(stopPipe.write, &byte, 1)
        }

        /// Never drained, so that every waiting thread sees it.
        var isStopped: Bool {
            var stop = pollfd(fd: stopPipe.read, events: Int16(POLLIN), revents: 0)
            return poll(&stop, 1, 0) != 0
        }

        func acceptConnections() {
            while true {
                var ready = [
                    pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: stopPipe.read, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&ready, 2, -1) > 0, ready[1].revents == 0 else { return }
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { continue }
                _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
                let number = record.withLock {
                    $0.connectionCount += 1
                    $0.openCount += 1
                    return $0.connectionCount
                }
                ScriptedServer.startThread { [self] in
                    serve(Connection(socket: socket, number: number, stopSignal: stopPipe.read))
                    close(socket)
                    record.withLock { $0.openCount -= 1 }
                }
            }
        }

        private func serve(_ connection: Connection) {
            var connection = connection
            var on: Int32 = 1
            setsockopt(
                connection.socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on,
                socklen_t(MemoryLayout.size(ofValue: on)))
            while let request = try? connection.readRequest() {
                record.withLock { $0.requests.append(request) }
                guard (try? connection.answer(decide(request))) == true else { return }
            }
        }
    }

    public let port: Int
    private let core: Core

    /// Listens on a free port from now on.
    public init(_ decide: @escaping @Sendable (ReceivedRequest) -> ScriptedReply) throws {
        let (listener, port) = try Self.listen()
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure("pipe") }
        // A program that a test starts must not keep anything of the server open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.port = port
        core = Core(listener: listener, stopPipe: (ends[0], ends[1]), decide: decide)
        Self.startThread { [core] in core.acceptConnections() }
    }

    deinit { core.stop() }

    /// "http://127.0.0.1:port", without a slash at its end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// The requests so far, in the order they were complete.
    public var requests: [ReceivedRequest] { core.record.withLock { $0.requests } }

    /// How many connections were accepted so far.
    public var connectionCount: Int { core.record.withLock { $0.connectionCount } }

    /// How many connections are open now.
    public var openConnectionCount: Int { core.record.withLock { $0.openCount } }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.stackSize = 512 << 10
        thread.start()
    }

    private static func listen() throws -> (listener: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout.size(ofValue: address))
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && Glibc.listen(listener, 1_024) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard status else {
            defer { close(listener) }
            throw Failure("listening on 127.0.0.1")
        }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}
