/// Reads requests, one after another, from bytes that come in any pieces. Knows no socket and no
/// time; holds one head and one body at most, and what came behind them in one piece.
struct RequestReader {
    enum Progress: Equatable {
        /// More bytes are needed; `hasBegun` tells whether any of this request has come.
        case needsHead(hasBegun: Bool)
        /// The head is complete, its body is not.
        case needsBody(expectsContinue: Bool)
        /// A whole request.
        case request(RequestHead, body: [UInt8])
    }

    private let limits: ServerLimits
    private var bytes: [UInt8] = []
    /// Bytes in which no end of a head was found: none is looked at twice.
    private var searchedCount = 0
    private var head: RequestHead?

    init(limits: ServerLimits) { self.limits = limits }

    /// Whether some bytes of a request have come that is not complete.
    var hasBegun: Bool { head != nil || !bytes.isEmpty }

    /// Bytes that wait to be read.
    var byteCount: Int { bytes.count }

    mutating func feed(_ more: some Collection<UInt8>) { bytes += more }

    /// The next request, or what is missing of it.
    ///
    /// - Throws: the status that refuses the request; nothing can be read after it.
    mutating func next() throws(RequestFault) -> Progress {
        if head == nil, let progress = try readHead() { return progress }
        guard let head else { return .needsHead(hasBegun: !bytes.isEmpty) }
        guard bytes.count >= head.bodyLength else {
            return .needsBody(expectsContinue: head.expectsContinue)
        }
        let body = Array(bytes.prefix(head.bodyLength))
        bytes.removeFirst(head.bodyLength)
        self.head = nil
        return .request(head, body: body)
    }

    private mutating func readHead() throws(RequestFault) -> Progress? {
        // Clients of old put an empty line behind a body.
        while searchedCount == 0, bytes.starts(with: [0x0D, 0x0A]) { bytes.removeFirst(2) }
        // What speaks TLS or something else is told at once, not after a timeout.
        if let first = bytes.first, !HeaderBytes.isTokenByte(first), bytes != [0x0D] {
            throw .badRequest("This is not a request of HTTP.")
        }
        guard let end = findEnd() else {
            guard bytes.count < limits.headBytes else { throw .headTooLarge }
            return .needsHead(hasBegun: !bytes.isEmpty)
        }
        guard end <= limits.headBytes else { throw .headTooLarge }
        head = try RequestHead(bytes[..<end], limits: limits)
        bytes.removeFirst(end + 4)
        searchedCount = 0
        return nil
    }

    /// Where the empty line begins: at the CR LF that ends the last header.
    private mutating func findEnd() -> Int? {
        var index = searchedCount
        while index + 4 <= bytes.count {
            if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D,
                bytes[index + 3] == 0x0A
            {
                return index
            }
            index += 1
        }
        searchedCount = index
        return nil
    }
}
