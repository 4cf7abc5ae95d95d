/// Reads a stream of server-sent events from bytes that come in any pieces.
///
/// An event is handed out with the line break that ends its empty line. What the stream ends within
/// is no event, as the standard has it.
///
/// - Source: WHATWG HTML, section 9.2.6, "Interpreting an event stream".
public struct ServerSentEvents: Sendable {
    public struct Event: Sendable, Equatable {
        /// "message" unless the stream names another.
        public let event: String
        /// The data lines, joined by line feeds.
        public let data: String
        /// The last id the stream gave, with this event or an earlier one; "" before the first.
        public let id: String
        /// The time to wait before connecting again, in milliseconds, if this event sets it.
        public let retry: Int?

        public init(event: String = "message", data: String, id: String = "", retry: Int? = nil) {
            self.event = event
            self.data = data
            self.id = id
            self.retry = retry
        }
    }

    /// An event larger than allowed. The stream cannot be read on.
    public struct EventTooLarge: Error, Equatable, CustomStringConvertible {
        public let limit: Int

        public init(limit: Int) { self.limit = limit }

        public var description: String {
            "an event of the stream exceeds \(limit) bytes; raise the limit or ask for less"
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let limit: Int
    private var line: [UInt8] = []
    /// Every data line so far, each followed by a line feed.
    private var data: [UInt8] = []
    private var type: [UInt8] = []
    private var id: [UInt8] = []
    private var retry: Int?
    private var isFirstLine = true
    private var lastWasCarriageReturn = false

    /// - Parameter eventLimit: bound on one event, and on one line, in bytes.
    public init(eventLimit: Int = 1 << 20) { limit = eventLimit }

    /// - Returns: the events that these bytes complete.
    /// - Throws: when an event or a line exceeds the bound; events before it among the same bytes
    ///   are lost with it.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws(EventTooLarge) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { lastWasCarriageReturn = byte == 0x0D }
            switch byte {
            case 0x0A where lastWasCarriageReturn: break
            case 0x0A, 0x0D:
                if let event = endLine() { events.append(event) }
            default:
                guard line.count + data.count + type.count < limit else {
                    throw EventTooLarge(limit: limit)
                }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        if isFirstLine, line.starts(with: Self.byteOrderMark) {
            line.removeFirst(Self.byteOrderMark.count)
        }
        isFirstLine = false
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        take(field: line[..<colon], value)
        return nil
    }

    /// A line that begins with a colon is a comment: its field's name is empty.
    private mutating func take(field: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        switch String(decoding: field, as: UTF8.self) {
        case "data":
            data += value
            data.append(0x0A)
        case "event": type = Array(value)
        case "id" where !value.contains(0): id = Array(value)
        case "retry" where value.allSatisfy { (0x30...0x39).contains($0) }:
            retry = Int(String(decoding: value, as: UTF8.self)) ?? retry
        default: break
        }
    }

    private mutating func dispatch() -> Event? {
        defer {
            data.removeAll(keepingCapacity: true)
            type.removeAll(keepingCapacity: true)
            retry = nil
        }
        guard !data.isEmpty else { return nil }
        return Event(
            event: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self),
            data: String(decoding: data.dropLast(), as: UTF8.self),
            id: String(decoding: id, as: UTF8.self), retry: retry)
    }
}
