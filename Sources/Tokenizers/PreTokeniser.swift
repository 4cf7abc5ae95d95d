import JSON

/// One step that cuts a text into pieces before the model sees it.
///
/// - Source: the pre-tokenizers of tokenizers 0.23. Parity: `Fixtures/*.lines.json`.
indirect enum PreTokeniser: Sendable {
    case sequence([PreTokeniser])
    case byteLevel(addsPrefixSpace: Bool, splits: Bool)
    case split(TextPattern, SplitBehaviour, isInverted: Bool)
    case whitespace
    case whitespaceSplit
    case punctuation(SplitBehaviour)
    case digits(isIndividual: Bool)
    case metaspace(Metaspace)
    case bert
    case delimiter(UInt32)
    case fixedLength(Int)

    func apply(to list: inout PieceList) throws(TokenizerError) {
        let classes = ScalarClasses.standard
        func has(_ flag: UInt32) -> (UInt32) -> Bool { { classes.has(flag, $0) } }
        switch self {
        case .sequence(let steps): for step in steps { try step.apply(to: &list) }
        case .byteLevel(let addsPrefixSpace, let splits):
            if addsPrefixSpace {
                list.edit(where: { $1.first != 0x20 }, { $0.prepend([0x20]) })
            }
            if splits { try list.split(TextPattern(words: .gpt2), .isolated) }
            list.markByteLevel()
        case .split(let pattern, let behaviour, let isInverted):
            try list.split(pattern, behaviour, isInverted: isInverted)
        case .whitespace: try list.split(.plainWords, .removed, isInverted: true)
        case .whitespaceSplit: list.split(.removed, at: has(ScalarClasses.Flags.space))
        case .punctuation(let behaviour):
            list.split(behaviour, at: has(ScalarClasses.Flags.punctuation))
        case .digits(let isIndividual):
            list.split(
                isIndividual ? .isolated : .contiguous, at: has(ScalarClasses.Flags.numeric))
        case .metaspace(let metaspace): try metaspace.apply(to: &list)
        case .bert:
            list.split(.removed, at: has(ScalarClasses.Flags.space))
            list.split(.isolated, at: has(ScalarClasses.Flags.punctuation))
        case .delimiter(let delimiter): list.split(.removed) { $0 == delimiter }
        case .fixedLength(let length): try list.split(.chunks(of: length), .isolated)
        }
    }
}

/// SentencePiece's way with spaces: each is spelled "▁" and begins a piece.
struct Metaspace: Sendable {
    enum PrependScheme: String, CaseIterable { case first, never, always }

    let replacement: [UInt8]
    let scheme: PrependScheme
    let splits: Bool
    let mark: UInt32
    private let pattern: TextPattern

    init(replacement: Unicode.Scalar, scheme: PrependScheme, splits: Bool) {
        self.replacement = UTF8Text.encoded(replacement)
        self.scheme = scheme
        self.splits = splits
        mark = replacement.value
        pattern = TextPattern(literal: String(Character(replacement)))
    }

    func apply(to list: inout PieceList) throws(TokenizerError) {
        list.edit(where: { $1.contains(0x20) }) { passage in
            passage.edit { scalar, editor in editor.emit(scalar == 0x20 ? mark : scalar, 0) }
        }
        if scheme != .never {
            list.edit(
                where: { piece, text in
                    !text.starts(with: replacement) && (scheme == .always || piece.origin == 0)
                }, { $0.prepend(replacement) })
        }
        if splits { try list.split(pattern, .mergedWithNext) }
    }
}

extension PreTokeniser: TypedComponent {
    static func read(
        _ type: String, _ fields: inout ComponentFields
    ) throws(TokenizerError) -> PreTokeniser {
        let path = fields.path
        switch type {
        case "Sequence":
            return .sequence(
                try fields.components("pretokenizers") { value, place throws(TokenizerError) in
                    try PreTokeniser(value, path: path, place: place)
                })
        case "ByteLevel":
            // Whether offsets are trimmed is the post-processor's business.
            _ = try fields.flag("trim_offsets")
            return .byteLevel(
                addsPrefixSpace: try fields.flag("add_prefix_space"),
                splits: try fields.flag("use_regex", default: true))
        case "Split":
            return .split(
                try TextPattern(&fields, "pattern"), try fields.choice("behavior"),
                isInverted: try fields.flag("invert"))
        case "Whitespace": return .whitespace
        case "WhitespaceSplit": return .whitespaceSplit
        case "Punctuation":
            return .punctuation(try fields.choice("behavior", default: .isolated))
        case "Digits": return .digits(isIndividual: try fields.flag("individual_digits"))
        case "Metaspace": return .metaspace(try Metaspace(&fields))
        case "BertPreTokenizer": return .bert
        case "CharDelimiterSplit": return .delimiter(try fields.scalar("delimiter").value)
        case "FixedLength": return .fixedLength(try length(&fields))
        default:
            throw .unknownComponent(path: path, field: fields.place, type: type)
        }
    }

    private static func length(_ fields: inout ComponentFields) throws(TokenizerError) -> Int {
        let length = try fields.count("length", default: 5)
        guard length > 0 else {
            throw fields.invalid("length", .integer(length), "a whole number above 0")
        }
        return length
    }
}

extension Metaspace {
    init(_ fields: inout ComponentFields) throws(TokenizerError) {
        var scheme = try fields.choice("prepend_scheme", default: PrependScheme.always)
        let schemeIsGiven = fields.present("prepend_scheme") != nil
        if try fields.optionalFlag("add_prefix_space") == false {
            guard scheme == .never || !schemeIsGiven else {
                throw fields.unsupported(
                    "add_prefix_space", "false", "it contradicts \"prepend_scheme\"; remove one")
            }
            scheme = .never
        }
        _ = try fields.optionalText("str_rep")
        self.init(
            replacement: try fields.scalar("replacement"), scheme: scheme,
            splits: try fields.flag("split", default: true))
    }
}
