import Foundation

/// One client's connection. Used by the loop's thread only; what becomes of it is the engine's
/// concern.
final class ServerConnection {
    enum Phase {
        /// Between two requests.
        case idle
        /// Of a new connection also before the first byte.
        case readingHead
        case readingBody
        /// The handler is at work.
        case answering
        /// A whole reply is being written.
        case replying
        /// Events are written as they come.
        case streaming
        /// The last reply is written; waits for the client to close.
        case lingering
        case closed
    }

    /// Bytes that a client may send ahead while its request is being answered.
    private static let aheadLimit = 1 << 16

    enum Flush {
        /// Everything is written.
        case done
        /// The client must take some of it first; `isFresh` tells that its time begins now: it
        /// took some, or had nothing to take before.
        case blocked(isFresh: Bool)
        case broken
    }

    let number: Int
    let socket: Int32
    var phase = Phase.readingHead
    /// When the phase began; what waits for longest makes room for others first.
    var since: Double
    /// When the phase must have ended.
    var deadline: Double
    var reader: RequestReader
    /// The client sends no more.
    var inputHasEnded = false
    /// Counts the requests.
    var exchangeNumber = 0
    /// False while a HEAD request is answered.
    var sendsBody = true
    var keepsAlive = true
    /// Asks the handler, and hands on the events of its reply.
    var task: Task<Void, Never>?
    private var output: [UInt8] = []
    private var writtenCount = 0
    private var isFresh = false

    init(number: Int, socket: Int32, limits: ServerLimits, now: Double) {
        self.number = number
        self.socket = socket
        since = now
        deadline = now + limits.headSeconds
        reader = RequestReader(limits: limits)
    }

    var exchange: Exchange { Exchange(connection: number, number: exchangeNumber) }
    var pendingCount: Int { output.count - writtenCount }

    /// What to wait for: to read, also to learn that the client is gone, and to write.
    var wanted: Int32 {
        (readsOn && !inputHasEnded ? POLLIN : 0) | (pendingCount > 0 ? POLLOUT : 0)
    }

    private var readsOn: Bool {
        switch phase {
        case .idle, .readingHead, .readingBody, .streaming, .lingering: true
        // Requests sent ahead; the rest stays in the kernel until they are answered.
        case .answering: reader.byteCount < Self.aheadLimit
        case .replying, .closed: false
        }
    }

    /// Takes what has come, at most one piece.
    ///
    /// - Returns: nil if the connection is broken.
    func receive(into piece: inout [UInt8]) -> ArraySlice<UInt8>? {
        let count = recv(socket, &piece, piece.count, 0)
        if count > 0 { return piece[..<count] }
        if count == 0 {
            inputHasEnded = true
            return []
        }
        return errno == EAGAIN || errno == EINTR ? [] : nil
    }

    func queue(_ bytes: [UInt8]) {
        if pendingCount == 0 {
            isFresh = true
            output = bytes
            writtenCount = 0
        } else {
            output += bytes
        }
    }

    /// Writes what the client takes without waiting.
    func flush() -> Flush {
        defer { isFresh = false }
        while pendingCount > 0 {
            let count = output.withUnsafeBytes { bytes in
                send(
                    socket, bytes.baseAddress.map { $0 + writtenCount }, pendingCount,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                return count < 0 && errno == EAGAIN ? .blocked(isFresh: isFresh) : .broken
            }
            isFresh = true
            writtenCount += count
            dropWritten()
        }
        return .done
    }

    /// Keeps a stream's buffer from growing with all that was ever written.
    private func dropWritten() {
        if pendingCount == 0 {
            output = []
            writtenCount = 0
        } else if writtenCount > 1 << 16, writtenCount > output.count / 2 {
            output.removeFirst(writtenCount)
            writtenCount = 0
        }
    }

    func finishSending() { _ = shutdown(socket, Int32(SHUT_WR)) }

    func close() {
        phase = .closed
        task?.cancel()
        task = nil
        Glibc.close(socket)
    }
}
