import Foundation

/// One accepted connection: reads requests and writes replies until either side ends it. Blocks the
/// thread it runs on; every wait also ends when the server stops.
struct Connection {
    /// The client or the server has ended the connection.
    struct Ended: Error {}

    let socket: Int32
    let number: Int
    /// Becomes readable when the server stops.
    let stopSignal: Int32
    private var buffer: [UInt8] = []

    init(socket: Int32, number: Int, stopSignal: Int32) {
        self.socket = socket
        self.number = number
        self.stopSignal = stopSignal
    }

    // MARK: Reading

    mutating func readRequest() throws -> ReceivedRequest {
        var lines = [String]()
        while true {
            let line = try readLine()
            if line.isEmpty && lines.isEmpty { continue }
            if line.isEmpty { break }
            lines.append(line)
        }
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { throw Ended() }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }
        let body = try read(length.flatMap { Int($0.value) } ?? 0)
        return ReceivedRequest(
            method: String(words[0]), path: String(words[1]), headers: headers, body: body,
            connection: number)
    }

    private mutating func readLine() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].filter { $0 != 0x0D }
                buffer.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            try fill()
        }
    }

    private mutating func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private mutating func fill() throws {
        try wait(for: POLLIN)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        guard count > 0 else { throw Ended() }
        buffer += bytes[..<count]
    }

    // MARK: Writing

    /// - Returns: whether the connection can carry another request.
    func answer(_ reply: ScriptedReply) throws -> Bool {
        if reply.delay > 0 { try pause(reply.delay) }
        switch reply.answer {
        case .whole(let body):
            try write(head(of: reply, ["Content-Length: \(body.count)"]) + body)
            return true
        case .chunks(let chunks):
            try write(head(of: reply, ["Transfer-Encoding: chunked"]))
            for chunk in chunks {
                if chunk.after > 0 { try pause(chunk.after) }
                let size = String(chunk.bytes.count, radix: 16)
                try write(Array("\(size)\r\n".utf8) + chunk.bytes + Array("\r\n".utf8))
            }
            try write(Array("0\r\n\r\n".utf8))
            return true
        case .cut(let bytes, let total, let reset):
            try write(head(of: reply, ["Content-Length: \(total)"]) + bytes)
            // A reset overtakes what the client has not read yet.
            if reset {
                try pause(0.1)
                resetOnClose()
            }
        case .raw(let bytes): try write(bytes)
        case .reset: resetOnClose()
        case .closed: break
        case .hang:
            // Until the client closes, or the server stops.
            var byte: UInt8 = 0
            repeat { try wait(for: POLLIN) } while recv(socket, &byte, 1, 0) > 0
        }
        return false
    }

    private func head(of reply: ScriptedReply, _ more: [String]) -> [UInt8] {
        let lines =
            ["HTTP/1.1 \(reply.status) Scripted"]
            + reply.headers.map { "\($0.name): \($0.value)" } + more
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT)
            let count = bytes.withUnsafeBytes {
                send(
                    socket, $0.baseAddress! + sent, bytes.count - sent,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            guard count > 0 else { throw Ended() }
            sent += count
        }
    }

    private func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    // MARK: Waiting

    /// Sleeps; ends early, by throwing, when the server stops.
    private func pause(_ seconds: Double) throws {
        var stop = pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0)
        if poll(&stop, 1, Int32(seconds * 1_000)) != 0 { throw Ended() }
    }

    private func wait(for event: Int32) throws {
        var sockets = [
            pollfd(fd: socket, events: Int16(event), revents: 0),
            pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&sockets, 2, -1) > 0, sockets[1].revents == 0 else { throw Ended() }
    }
}
