import Inquiry
import Serving

/// What a request asks for: its target, read and checked.
enum ReviewRoute: Equatable {
    enum Change: String {
        case claim, release, act, undo
    }

    case enter(rater: String, token: String)
    case asset(String)
    case queue(ReviewFilter, offset: Int)
    case item(String)
    case runs
    case run(String)
    case search(String)
    case raters
    case help
    /// Changes after an event; nil for those from now on.
    case events(after: Int?)
    case itemsData(ReviewFilter, offset: Int, limit: Int)
    case itemData(String)
    case change(Change, item: String)

    private static let textLimit = 200
    private static let pageLimit = 200
    static let pageSize = 50

    /// Whether it changes something.
    var isChange: Bool {
        if case .change = self { true } else { false }
    }

    /// Whether the answer is data and not a page.
    var isData: Bool {
        switch self {
        case .itemsData, .itemData, .change, .events: true
        default: false
        }
    }

    /// - Throws: 400 for what is malformed, 404 for what is not there, 405 for a wrong method.
    init(_ request: ServedRequest) throws(ReviewRefusal) {
        self = try Self.route(request)
        let method: ServedMethod = isChange ? .post : .get
        guard request.method == method else {
            throw .notAllowed(isChange ? "POST" : "GET, HEAD")
        }
    }

    private static func route(_ request: ServedRequest) throws(ReviewRefusal) -> ReviewRoute {
        let segments = request.segments
        let query = request.query
        switch (segments.first, segments.count) {
        case (nil, _): return .queue(try filter(query), offset: try number("offset", query) ?? 0)
        case ("enter", 1):
            return .enter(rater: query["rater"] ?? "", token: query["token"] ?? "")
        case ("assets", 2): return .asset(segments[1])
        case ("items", 2): return .item(try item(segments[1]))
        case ("runs", 1): return .runs
        case ("runs", 2): return .run(try run(segments[1]))
        case ("search", 1): return .search(try text("q", query) ?? "")
        case ("raters", 1): return .raters
        case ("help", 1): return .help
        case ("events", 1): return .events(after: try number("after", query))
        case ("api", 2...4) where segments[1] == "items": return try data(segments, query)
        default: throw .notFound
        }
    }

    private static func data(
        _ segments: [String], _ query: [String: String]
    ) throws(ReviewRefusal) -> ReviewRoute {
        switch segments.count {
        case 2:
            return .itemsData(
                try filter(query), offset: try number("offset", query) ?? 0,
                limit: min(try number("limit", query) ?? pageSize, pageLimit))
        case 3: return .itemData(try item(segments[2]))
        default:
            guard let change = Change(rawValue: segments[3]) else { throw .notFound }
            return .change(change, item: try item(segments[2]))
        }
    }

    // MARK: Parts

    private static func filter(_ query: [String: String]) throws(ReviewRefusal) -> ReviewFilter {
        var filter = ReviewFilter()
        if let name = given("part", query) {
            guard let part = ReviewFilter.Part(rawValue: name) else {
                throw .badRequest("part is one of open, mine, settled and all")
            }
            filter.part = part
        }
        if let name = given("kind", query) {
            guard let kind = ApprovalKind(rawValue: name) else {
                let known = ApprovalKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badRequest("kind is one of \(known)")
            }
            filter.kind = kind
        }
        if let name = given("run", query) { filter.run = try run(name) }
        filter.text = try text("text", query)
        return filter
    }

    /// A form sends fields that were left empty, too.
    private static func given(_ name: String, _ query: [String: String]) -> String? {
        query[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func text(
        _ name: String, _ query: [String: String]
    ) throws(ReviewRefusal) -> String? {
        let text = given(name, query)
        guard (text?.utf8.count ?? 0) <= textLimit else {
            throw .badRequest("\(name) has at most \(textLimit) bytes")
        }
        return text
    }

    private static func number(
        _ name: String, _ query: [String: String]
    ) throws(ReviewRefusal) -> Int? {
        guard let text = given(name, query) else { return nil }
        guard text.utf8.allSatisfy(isDigit), let number = Int(text) else {
            throw .badRequest("\(name) is a number from 0")
        }
        return number
    }

    /// A letter, a dash and twelve hexadecimal digits.
    private static func item(_ id: String) throws(ReviewRefusal) -> String {
        let bytes = Array(id.utf8)
        guard bytes.count == 14, isLetter(bytes[0]), bytes[1] == UInt8(ascii: "-"),
            bytes.dropFirst(2).allSatisfy(isHexadecimal)
        else { throw .badRequest("an item is named by a letter, a dash and twelve digits") }
        return id
    }

    /// A word, a dash and eight hexadecimal digits, with a number behind where there are several.
    private static func run(_ id: String) throws(ReviewRefusal) -> String {
        let parts = id.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), (1...32).contains(parts[0].count),
            parts[0].allSatisfy(isLetter), parts[1].count == 8, parts[1].allSatisfy(isHexadecimal),
            parts.count == 2 || (1...9).contains(parts[2].count) && parts[2].allSatisfy(isDigit)
        else { throw .badRequest("a run is named as in explain-1a2b3c4d") }
        return id
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x66).contains(byte)
    }
}
