import Foundation

/// All connections of a server, driven by one thread. What a request and its reply do to a
/// connection is in `ServerEngine+Exchange`.
final class ServerEngine {
    /// Connections accepted before others have their turn.
    private static let acceptBatch = 64
    /// The longest a wait lasts; the kernel counts in 32-bit milliseconds.
    private static let longestWait = 3_600.0
    /// How long nothing is accepted while connections cannot be taken.
    private static let acceptPause = 0.1

    let inbox: ServerInbox
    let limits: ServerLimits
    let handler: HTTPServer.Handler
    private var listener: Listener?
    private var connections: [Int: ServerConnection] = [:]
    private var lastNumber = 0
    private var piece = [UInt8](repeating: 0, count: 1 << 16)
    /// When connections are accepted again.
    private var acceptingAgain: Double?
    /// When everything closes; set when the server stops.
    private var end = Double.infinity

    init(
        listener: Listener, inbox: ServerInbox, limits: ServerLimits,
        handler: @escaping HTTPServer.Handler
    ) {
        self.listener = listener
        self.inbox = inbox
        self.limits = limits
        self.handler = handler
    }

    deinit {
        for connection in connections.values { connection.close() }
    }

    var isStopping: Bool { end < .infinity }
    var isOver: Bool { isStopping && connections.isEmpty }

    /// Waits until something happens or a deadline passes, and does what follows.
    ///
    /// All connections are looked at each time: with the 512 there may be, that costs less than
    /// keeping the kernel's list of them up to date.
    func turn() {
        var polls = [pollfd(fd: inbox.bell, events: Int16(POLLIN), revents: 0)]
        if let listener, acceptingAgain == nil {
            polls.append(pollfd(fd: listener.socket, events: Int16(POLLIN), revents: 0))
        }
        let firstIndex = polls.count
        let waiting = Array(connections.values)
        var next = acceptingAgain ?? .infinity
        for connection in waiting {
            next = min(next, connection.deadline)
            polls.append(
                pollfd(fd: connection.socket, events: Int16(connection.wanted), revents: 0))
        }
        let seconds = min(max(next - ServerClock.now(), 0), Self.longestWait)
        if poll(&polls, nfds_t(polls.count), Int32((seconds * 1_000).rounded(.up))) > 0 {
            for (connection, entry) in zip(waiting, polls[firstIndex...]) where entry.revents != 0 {
                act(on: connection, Int32(entry.revents))
            }
            if polls[0].revents != 0 { inbox.take().forEach(read) }
            if firstIndex > 1, polls[1].revents != 0 { accept() }
        }
        expire()
    }

    private func read(_ letter: ServerInbox.Letter) {
        switch letter {
        case .reply(let exchange, let reply):
            connection(of: exchange).map { self.reply(on: $0, with: reply) }
        case .event(let exchange, let event):
            connection(of: exchange).map { self.send(event, on: $0) }
        case .ended(let exchange): connection(of: exchange).map(endStream)
        case .stop: stop()
        }
    }

    /// Nil if the exchange is over.
    private func connection(of exchange: Exchange) -> ServerConnection? {
        connections[exchange.connection].flatMap { $0.exchange == exchange ? $0 : nil }
    }

    private func act(on connection: ServerConnection, _ events: Int32) {
        // An error, or closed in both directions: nothing can be answered.
        if events & (POLLERR | POLLHUP | POLLNVAL) != 0 { return drop(connection) }
        if events & POLLIN != 0 {
            guard let bytes = connection.receive(into: &piece) else { return drop(connection) }
            switch connection.phase {
            case .streaming, .lingering:
                // A client that wants events keeps its side open; what it sends is of no interest.
                if connection.inputHasEnded { return drop(connection) }
            default: connection.reader.feed(bytes)
            }
        }
        advance(connection)
    }

    // MARK: Beginning and ending

    private func accept() {
        guard let listener else { return }
        for _ in 0..<Self.acceptBatch {
            switch listener.accept() {
            case .none: return
            case .socket(let socket): admit(socket)
            case .blocked:
                if makeRoom() { continue }
                acceptingAgain = ServerClock.now() + Self.acceptPause
                return
            }
        }
    }

    private func admit(_ socket: Int32) {
        lastNumber += 1
        let connection = ServerConnection(
            number: lastNumber, socket: socket, limits: limits, now: ServerClock.now())
        guard connections.count < limits.connectionCount || makeRoom() else {
            // As far as the socket takes it: nobody waits for a client that has no place.
            connection.queue(fault: .tooMany)
            _ = connection.flush()
            return connection.close()
        }
        connections[connection.number] = connection
    }

    /// Drops the connection that has been in the least useful phase for longest.
    ///
    /// - Returns: false if all are being answered.
    private func makeRoom() -> Bool {
        func rank(_ connection: ServerConnection) -> Int? {
            switch connection.phase {
            case .lingering: 0
            case .readingHead, .readingBody: 1
            case .idle: 2
            case .replying: 3
            case .answering, .streaming, .closed: nil
            }
        }
        let candidates = connections.values.compactMap { connection in
            rank(connection).map { (rank: $0, connection: connection) }
        }
        guard
            let first = candidates.min(by: {
                ($0.rank, $0.connection.since) < ($1.rank, $1.connection.since)
            })
        else { return false }
        drop(first.connection)
        return true
    }

    func drop(_ connection: ServerConnection) {
        if case .closed = connection.phase { return }
        connections[connection.number] = nil
        connection.close()
    }

    private func stop() {
        guard !isStopping else { return }
        end = ServerClock.now() + limits.graceSeconds
        listener = nil
        acceptingAgain = nil
        for connection in connections.values {
            switch connection.phase {
            case .answering, .replying:
                connection.keepsAlive = false
                set(connection.deadline, on: connection)
            default: drop(connection)
            }
        }
    }

    // MARK: Time

    /// Begins a phase that may last so many seconds.
    func enter(_ phase: ServerConnection.Phase, _ connection: ServerConnection, for seconds: Double)
    {
        let now = ServerClock.now()
        connection.phase = phase
        connection.since = now
        set(now + seconds, on: connection)
    }

    func set(_ deadline: Double, on connection: ServerConnection) {
        connection.deadline = min(deadline, end)
    }

    private func expire() {
        let now = ServerClock.now()
        if let again = acceptingAgain, now >= again { acceptingAgain = nil }
        for connection in connections.values where connection.deadline <= now {
            timeOut(connection)
        }
    }
}
