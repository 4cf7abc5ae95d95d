import JSON

/// One step from tokens back to text.
///
/// - Source: the decoders of tokenizers 0.23. Parity: `Fixtures/*.lines.json`.
indirect enum TokenDecoder: TypedComponent, Sendable {
    case sequence([TokenDecoder])
    case byteLevel
    case byteFallback
    case fuse
    case strip(content: Unicode.Scalar, start: Int, stop: Int)
    case replace(TextPattern, with: String)
    case metaspace(Metaspace)
    case wordPiece(prefix: String, cleansUp: Bool)
    case bytePair(suffix: String)

    static func read(
        _ type: String, _ fields: inout ComponentFields
    ) throws(TokenizerError) -> TokenDecoder {
        let path = fields.path
        switch type {
        case "Sequence":
            return .sequence(
                try fields.components("decoders") { value, place throws(TokenizerError) in
                    try TokenDecoder(value, path: path, place: place)
                })
        case "ByteLevel":
            // These say how the text was split, which decoding does not ask.
            _ = try fields.flag("add_prefix_space", default: true)
            _ = try fields.flag("trim_offsets", default: true)
            _ = try fields.flag("use_regex", default: true)
            return .byteLevel
        case "ByteFallback": return .byteFallback
        case "Fuse": return .fuse
        case "Strip":
            return .strip(
                content: try fields.scalar("content"), start: try fields.count("start"),
                stop: try fields.count("stop"))
        case "Replace":
            let pattern = try TextPattern(&fields, "pattern")
            return .replace(pattern, with: try fields.text("content"))
        case "Metaspace": return .metaspace(try Metaspace(&fields))
        case "WordPiece":
            return .wordPiece(
                prefix: try fields.text("prefix"), cleansUp: try fields.flag("cleanup"))
        case "BPEDecoder": return .bytePair(suffix: try fields.text("suffix"))
        default: throw .unknownComponent(path: path, field: fields.place, type: type)
        }
    }

    func decode(_ tokens: [String]) throws(TokenizerError) -> [String] {
        switch self {
        case .sequence(let steps):
            var tokens = tokens
            for step in steps { tokens = try step.decode(tokens) }
            return tokens
        case .byteLevel: return [Self.decodeBytes(tokens)]
        case .byteFallback: return Self.decodeFallbacks(tokens)
        case .fuse: return [tokens.joined()]
        case .strip(let content, let start, let stop):
            return tokens.map { Self.strip($0, content, start, stop) }
        case .replace(let pattern, let text):
            var result: [String] = []
            for token in tokens { result.append(try Self.replace(token, pattern, text)) }
            return result
        case .metaspace(let metaspace): return Self.decodeSpaces(tokens, metaspace)
        case .wordPiece(let prefix, let cleansUp):
            return Self.joinWords(tokens, prefix, cleansUp)
        case .bytePair(let suffix):
            return tokens.enumerated().map { index, token in
                token.replacingUTF8(suffix, with: index == tokens.count - 1 ? "" : " ")
            }
        }
    }
}
