import JSON

/// How the tokenizer's file wants long texts cut; done only if the caller passes it to `encode`.
///
/// - Source: `utils/truncation.rs` of tokenizers 0.23. What is cut off is dropped: `stride` only
///   says how much of it would overlap.
public struct Truncation: Hashable, Sendable {
    public enum Direction: String, CaseIterable, Sendable { case left = "Left", right = "Right" }

    public enum Strategy: String, CaseIterable, Sendable {
        case longestFirst = "LongestFirst", onlyFirst = "OnlyFirst", onlySecond = "OnlySecond"
    }

    /// With the tokens that a template adds.
    public var maximumCount: Int
    public var direction: Direction
    public var strategy: Strategy
    public var stride: Int

    public init(
        maximumCount: Int, direction: Direction = .right, strategy: Strategy = .longestFirst,
        stride: Int = 0
    ) {
        self.maximumCount = maximumCount
        self.direction = direction
        self.strategy = strategy
        self.stride = stride
    }

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        maximumCount = try fields.count("max_length")
        direction = try fields.choice("direction", default: .right)
        strategy = try fields.choice("strategy")
        stride = try fields.count("stride")
    }

    /// Cuts one or two texts so that they have `limit` tokens together.
    func cut(_ texts: inout [Encoding], to limit: Int) throws(TokenizerError) {
        let total = texts.reduce(0) { $0 + $1.count }
        guard total > limit else { return }
        let excess = total - limit
        if limit == 0 {
            for at in texts.indices { cut(&texts[at], to: 0) }
            return
        }
        switch strategy {
        case .longestFirst:
            let shares = Self.shares(texts.map(\.count), limit)
            for at in texts.indices { cut(&texts[at], to: shares[at]) }
        case .onlyFirst, .onlySecond:
            let at = strategy == .onlyFirst ? 0 : 1
            guard at < texts.count else {
                throw .untruncatable(reason: "there is no second text to cut")
            }
            guard texts[at].count > excess else {
                throw .untruncatable(
                    reason: "text \(at + 1) has \(texts[at].count) tokens and must lose \(excess)")
            }
            cut(&texts[at], to: texts[at].count - excess)
        }
    }

    private static func shares(_ counts: [Int], _ limit: Int) -> [Int] {
        guard counts.count == 2 else { return [limit] }
        var (short, long) = (min(counts[0], counts[1]), max(counts[0], counts[1]))
        long = short > limit ? short : max(short, limit - short)
        if short + long > limit {
            short = limit / 2
            long = short + limit % 2
        }
        return counts[0] > counts[1] ? [long, short] : [short, long]
    }

    private func cut(_ text: inout Encoding, to limit: Int) {
        guard text.count > limit else { return }
        text.keep(direction == .right ? 0..<limit : text.count - limit..<text.count)
    }
}

/// How the tokenizer's file wants short texts filled up; done only if the caller passes it to
/// `encode`.
///
/// - Source: `utils/padding.rs` of tokenizers 0.23, for one text at a time.
public struct Padding: Hashable, Sendable {
    public enum Direction: String, CaseIterable, Sendable { case left = "Left", right = "Right" }

    /// Nil to fill up to the longest text of a batch, which of one text is its own length.
    public var count: Int?
    public var direction: Direction
    public var multiple: Int?
    public var id: Int
    public var typeID: Int
    public var token: String

    public init(
        count: Int?, direction: Direction = .right, multiple: Int? = nil, id: Int = 0,
        typeID: Int = 0, token: String = "[PAD]"
    ) {
        self.count = count
        self.direction = direction
        self.multiple = multiple
        self.id = id
        self.typeID = typeID
        self.token = token
    }

    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        let strategy = fields.present("strategy")
        if strategy?.string == "BatchLongest" {
            count = nil
        } else if case .object = strategy {
            var fixed = try fields.nested("strategy")
            count = try Self.bounded(&fixed, "Fixed")
            try fixed.finish()
        } else {
            throw fields.invalid("strategy", strategy, "\"BatchLongest\" or {\"Fixed\": count}")
        }
        direction = try fields.choice("direction")
        multiple =
            fields.present("pad_to_multiple_of") == nil
            ? nil : try Self.bounded(&fields, "pad_to_multiple_of")
        id = try fields.count("pad_id")
        typeID = try fields.count("pad_type_id")
        token = try fields.text("pad_token")
    }

    /// A count of which a file cannot make a short text fill the memory.
    private static func bounded(
        _ fields: inout ComponentFields, _ field: String
    ) throws(TokenizerError) -> Int {
        let count = try fields.count(field)
        guard count <= 1 << 20 else {
            throw fields.unsupported(field, "\(count)", "the limit is \(1 << 20)")
        }
        return count
    }

    func fill(_ text: inout Encoding) {
        var target = count ?? text.count
        if let multiple, multiple > 0 { target = (target + multiple - 1) / multiple * multiple }
        guard target > text.count else { return }
        var padding = Encoding()
        for _ in text.count..<target { padding.append(special: id, token, typeID: typeID) }
        padding.attentionMask = padding.attentionMask.map { _ in 0 }
        if direction == .right {
            text.append(padding)
        } else {
            padding.append(text)
            text = padding
        }
    }
}
