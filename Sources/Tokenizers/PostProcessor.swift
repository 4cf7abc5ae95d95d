import JSON

/// What is done with the tokens at the end: special ones are added, offsets trimmed.
///
/// - Source: the post-processors of tokenizers 0.23. Parity: `Fixtures/*.lines.json`.
indirect enum PostProcessor: Sendable {
    case sequence([PostProcessor])
    case template(Template)
    case byteLevel(trimsOffsets: Bool, addsPrefixSpace: Bool)
    case bert(SpecialPair)
    case roberta(SpecialPair, trimsOffsets: Bool, addsPrefixSpace: Bool)

    /// The tokens that begin and end a text.
    struct SpecialPair: Sendable {
        let begin: (token: String, id: Int)
        let end: (token: String, id: Int)
    }

    init(_ value: JSONValue, path: String, place: String) throws(TokenizerError) {
        var fields = try ComponentFields(value, path: path, place: place)
        let type = try fields.text("type")
        switch type {
        case "Sequence":
            self = .sequence(
                try fields.components("processors") { value, place throws(TokenizerError) in
                    try PostProcessor(value, path: path, place: place)
                })
        case "TemplateProcessing": self = .template(try Template(&fields))
        case "ByteLevel":
            _ = try fields.flag("use_regex", default: true)
            self = .byteLevel(
                trimsOffsets: try fields.flag("trim_offsets"),
                addsPrefixSpace: try fields.flag("add_prefix_space"))
        case "BertProcessing": self = .bert(try SpecialPair(&fields))
        case "RobertaProcessing":
            self = .roberta(
                try SpecialPair(&fields), trimsOffsets: try fields.flag("trim_offsets"),
                addsPrefixSpace: try fields.flag("add_prefix_space"))
        default: throw .unknownComponent(path: path, field: place, type: type)
        }
        try fields.finish()
        guard templateCount <= 1 else {
            throw .unsupportedField(
                path: path, field: place, found: "a sequence of \(templateCount) templates",
                reason: "the second would not know what to do with the first's tokens")
        }
    }

    private var templateCount: Int {
        switch self {
        case .template: 1
        case .sequence(let steps): steps.reduce(0) { $0 + $1.templateCount }
        default: 0
        }
    }

    /// How many tokens are added to one text or to two.
    func addedCount(isPair: Bool) -> Int {
        switch self {
        case .sequence(let steps): steps.reduce(0) { $0 + $1.addedCount(isPair: isPair) }
        case .template(let template): template.addedCount(isPair: isPair)
        case .byteLevel: 0
        case .bert: isPair ? 3 : 2
        case .roberta: isPair ? 4 : 2
        }
    }

    /// - Parameter parts: one or two texts; after a template, as many parts as it has.
    func apply(
        to parts: [SequencePart], addsSpecials: Bool
    ) throws(TokenizerError) -> [SequencePart] {
        var parts = parts
        switch self {
        case .sequence(let steps):
            for step in steps {
                parts = try step.apply(to: parts, addsSpecials: addsSpecials)
            }
        case .template(let template):
            parts = try template.apply(to: parts, addsSpecials: addsSpecials)
        case .byteLevel(let trims, let addsPrefixSpace):
            if trims { parts.trim(addsPrefixSpace) }
        case .bert(let pair):
            if addsSpecials {
                for at in parts.indices {
                    parts[at].wrap(at == 0 ? pair.begin : nil, pair.end, typeID: at == 0 ? 0 : 1)
                }
            }
        case .roberta(let pair, let trims, let addsPrefixSpace):
            if trims { parts.trim(addsPrefixSpace) }
            for at in parts.indices {
                parts[at].setTypeID(0)
                guard addsSpecials else { continue }
                parts[at].wrap(at == 0 ? pair.begin : pair.end, pair.end, typeID: 0)
            }
        }
        return parts
    }
}

extension PostProcessor.SpecialPair {
    fileprivate init(_ fields: inout ComponentFields) throws(TokenizerError) {
        func token(_ field: String) throws(TokenizerError) -> (String, Int) {
            let value = fields.present(field)
            guard let pair = value?.array, pair.count == 2, let token = pair[0].string,
                let id = pair[1].integer, id >= 0, id <= Int(Int32.max)
            else { throw fields.invalid(field, value, "a token and its id") }
            return (token, id)
        }
        begin = try token("cls")
        end = try token("sep")
    }
}

/// One text's tokens on their way to an encoding, with what is needed to move their offsets.
struct SequencePart: Sendable {
    var encoding: Encoding
    /// Of the text; of added tokens, empty.
    let places: ScalarPlaces

    mutating func setTypeID(_ id: Int) {
        encoding.typeIDs = Array(repeating: id, count: encoding.count)
    }

    mutating func wrap(
        _ begin: (token: String, id: Int)?, _ end: (token: String, id: Int), typeID: Int
    ) {
        var wrapped = Encoding()
        if let begin { wrapped.append(special: begin.id, begin.token, typeID: typeID) }
        wrapped.append(encoding)
        wrapped.append(special: end.id, end.token, typeID: typeID)
        encoding = wrapped
    }

    /// Leaves white space out of the offsets.
    mutating func trim(_ addsPrefixSpace: Bool) {
        for at in encoding.tokens.indices {
            let (before, after) = Self.spaces(&encoding.tokens[at])
            guard before + after > 0 else { continue }
            var start = encoding.offsets[at].lowerBound
            var end = encoding.offsets[at].upperBound
            if before > 0 {
                let isPrefix = (at == 0 || start == 0) && addsPrefixSpace && before == 1
                start = min(start + (isPrefix ? 0 : before), end)
            }
            if after > 0, end >= after { end = max(end - after, start) }
            encoding.offsets[at] = start..<end
            encoding.byteOffsets[at] = places.byte(start)..<places.byte(end)
        }
    }

    /// How many scalars at both ends of a token stand for white space.
    private static func spaces(_ token: inout String) -> (Int, Int) {
        token.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return (0, 0) }
            // Most tokens begin and end with a letter.
            if isLetter(first), isLetter(last) { return (0, 0) }
            let classes = ScalarClasses.standard
            func isSpace(_ scalar: UInt32) -> Bool {
                scalar == 0x120 || classes.has(ScalarClasses.Flags.space, scalar)
            }
            var before = 0
            var at = 0
            while at < bytes.count {
                let (scalar, length) = UTF8Text.scalar(bytes, at)
                guard isSpace(scalar) else { break }
                before += 1
                at += length
            }
            var after = 0
            var end = bytes.count
            while end > 0 {
                let start = UTF8Text.start(bytes, before: end)
                guard isSpace(UTF8Text.scalar(bytes, start).0) else { break }
                after += 1
                end = start
            }
            return (before, after)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

extension [SequencePart] {
    fileprivate mutating func trim(_ addsPrefixSpace: Bool) {
        for at in indices { self[at].trim(addsPrefixSpace) }
    }
}
