import Foundation

/// A request and its reply.
extension ServerEngine {
    /// Does what can be done without waiting.
    func advance(_ connection: ServerConnection) {
        while true {
            switch connection.phase {
            case .idle, .readingHead, .readingBody:
                guard read(connection) else { return }
            case .replying:
                guard write(connection) else { return }
                finishReply(connection)
            case .streaming:
                _ = write(connection)
                return
            case .answering, .lingering, .closed: return
            }
        }
    }

    // MARK: Reading

    /// - Returns: whether there is more to do; false when the connection waits or is closed.
    private func read(_ connection: ServerConnection) -> Bool {
        do throws(RequestFault) {
            switch try connection.reader.next() {
            case .request(let head, let body): begin(head, body, on: connection)
            case .needsHead(let hasBegun):
                if hasBegun, case .idle = connection.phase {
                    enter(.readingHead, connection, for: limits.headSeconds)
                }
                return waitForMore(connection)
            case .needsBody(let expectsContinue):
                awaitBody(on: connection, expectsContinue)
                return waitForMore(connection)
            }
        } catch {
            refuse(connection, error)
        }
        return true
    }

    /// - Returns: false: there is nothing more to do. Nothing will come from a side that is closed.
    private func waitForMore(_ connection: ServerConnection) -> Bool {
        if connection.inputHasEnded { drop(connection) }
        return false
    }

    private func awaitBody(on connection: ServerConnection, _ expectsContinue: Bool) {
        if case .readingBody = connection.phase { return }
        // Since the request's first byte, for whoever must make room.
        let since = connection.since
        enter(.readingBody, connection, for: limits.bodySeconds)
        connection.since = since
        if expectsContinue {
            connection.queue(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
            if case .broken = connection.flush() { drop(connection) }
        }
    }

    private func begin(_ head: RequestHead, _ body: [UInt8], on connection: ServerConnection) {
        connection.exchangeNumber += 1
        connection.keepsAlive = head.keepsAlive && !isStopping
        guard case .handle(let method, let sendsBody) = head.action else {
            return answer(
                ServedReply(status: 204, headers: ["Allow": Self.allowed]), [], on: connection)
        }
        connection.sendsBody = sendsBody
        enter(.answering, connection, for: .infinity)
        let request = ServedRequest(
            method, head.target.segments, query: head.target.query, headers: head.headers,
            body: body)
        let exchange = connection.exchange
        connection.task = Task { [inbox, handler] in
            let reply = await handler(request)
            inbox.post(.reply(exchange, reply))
            guard case .events(let events) = reply.body else { return }
            for await event in events { inbox.post(.event(exchange, event)) }
            inbox.post(.ended(exchange))
        }
    }

    private static let allowed =
        (["HEAD", "OPTIONS"] + ServedMethod.allCases.map(\.rawValue)).joined(separator: ", ")

    // MARK: Replying

    func reply(on connection: ServerConnection, with reply: ServedReply) {
        guard case .answering = connection.phase else { return }
        switch reply.body {
        case .bytes(let body): answer(reply, body, on: connection)
        case .events: beginStream(reply, on: connection)
        }
        advance(connection)
    }

    private func answer(_ reply: ServedReply, _ body: [UInt8], on connection: ServerConnection) {
        let hasBody = reply.status != 204 && reply.status != 304
        guard
            let head = ReplyHead.bytes(
                status: reply.status, headers: reply.headers, length: body.count,
                keepsAlive: connection.keepsAlive, time: time(nil))
        else { return refuse(connection, .brokenReply) }
        connection.queue(connection.sendsBody && hasBody ? head + body : head)
        connection.task = nil
        enter(.replying, connection, for: limits.stallSeconds)
    }

    private func beginStream(_ reply: ServedReply, on connection: ServerConnection) {
        connection.keepsAlive = false
        guard
            let head = ReplyHead.bytes(
                status: reply.status, headers: reply.headers, length: nil, keepsAlive: false,
                time: time(nil))
        else { return refuse(connection, .brokenReply) }
        connection.queue(head)
        // A client that has closed its side is gone: see `act(on:)`.
        if connection.inputHasEnded { return drop(connection) }
        guard connection.sendsBody, !isStopping else {
            connection.task?.cancel()
            return enter(.replying, connection, for: limits.stallSeconds)
        }
        enter(.streaming, connection, for: limits.heartbeatSeconds)
    }

    func send(_ event: ServerEvent, on connection: ServerConnection) {
        guard case .streaming = connection.phase else { return }
        connection.queue(event.bytes)
        advance(connection)
        if connection.pendingCount > limits.backlogBytes { drop(connection) }
    }

    func endStream(_ connection: ServerConnection) {
        guard case .streaming = connection.phase else { return }
        enter(.replying, connection, for: limits.stallSeconds)
        advance(connection)
    }

    /// Answers in place of the handler, and closes.
    private func refuse(_ connection: ServerConnection, _ fault: RequestFault) {
        connection.task?.cancel()
        connection.task = nil
        connection.keepsAlive = false
        connection.queue(fault: fault)
        enter(.replying, connection, for: limits.stallSeconds)
    }

    // MARK: Writing

    /// - Returns: whether everything is written; if not, the connection waits or is closed.
    private func write(_ connection: ServerConnection) -> Bool {
        switch connection.flush() {
        case .broken:
            drop(connection)
            return false
        case .blocked(let isFresh):
            if isFresh { set(ServerClock.now() + limits.stallSeconds, on: connection) }
            return false
        case .done:
            if case .streaming = connection.phase {
                set(ServerClock.now() + limits.heartbeatSeconds, on: connection)
            }
            return true
        }
    }

    private func finishReply(_ connection: ServerConnection) {
        if connection.keepsAlive {
            connection.sendsBody = true
            enter(.idle, connection, for: limits.idleSeconds)
        } else if connection.inputHasEnded || isStopping {
            drop(connection)
        } else {
            connection.finishSending()
            enter(.lingering, connection, for: limits.lingerSeconds)
        }
    }

    /// The connection's phase has lasted too long.
    func timeOut(_ connection: ServerConnection) {
        switch connection.phase {
        case .readingHead where !connection.reader.hasBegun: drop(connection)
        case .readingHead, .readingBody:
            refuse(connection, .tooSlow)
            advance(connection)
        case .streaming where connection.pendingCount == 0:
            connection.queue(ServerEvent.heartbeat)
            advance(connection)
        case .idle, .answering, .replying, .streaming, .lingering: drop(connection)
        case .closed: break
        }
    }
}

extension ServerConnection {
    /// A fixed sentence as a whole reply after which the connection closes.
    func queue(fault: RequestFault) {
        let body = Array((fault.sentence + "\n").utf8)
        let headers: HeaderFields = [
            "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        ]
        let head = ReplyHead.bytes(
            status: fault.status, headers: headers, length: body.count, keepsAlive: false,
            time: time(nil))
        queue((head ?? []) + (sendsBody ? body : []))
    }
}
