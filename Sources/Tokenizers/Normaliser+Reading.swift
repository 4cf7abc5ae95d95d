import JSON

extension Normaliser: TypedComponent {
    static func read(
        _ type: String, _ fields: inout ComponentFields
    ) throws(TokenizerError) -> Normaliser {
        let path = fields.path
        switch type {
        case "Sequence":
            return .sequence(
                try fields.components("normalizers") { value, place throws(TokenizerError) in
                    try Normaliser(value, path: path, place: place)
                })
        case "NFC", "NFD", "NFKC", "NFKD":
            return .form(UnicodeForms.Form(rawValue: type) ?? .nfc)
        case "Lowercase": return .lowercase
        case "StripAccents": return .stripAccents
        case "Strip":
            return .strip(
                left: try fields.flag("strip_left"), right: try fields.flag("strip_right"))
        case "Replace":
            let pattern = try TextPattern(&fields, "pattern")
            return .replace(pattern, with: Array(try fields.text("content").utf8))
        case "Prepend": return .prepend(Array(try fields.text("prepend").utf8))
        case "BertNormalizer": return .bert(try BertRules(&fields))
        case "Nmt": return .nmt
        case "Precompiled": return .characterMap(try characterMap(&fields))
        case "ByteLevel": return .byteLevel
        default:
            throw .unknownComponent(path: path, field: fields.place, type: type)
        }
    }

    private static func characterMap(
        _ fields: inout ComponentFields
    ) throws(TokenizerError) -> CharacterMap {
        let text = try fields.text("precompiled_charsmap")
        guard let map = CharacterMap(base64: text) else {
            throw fields.invalid(
                "precompiled_charsmap", .string(text), "a SentencePiece character map in base 64")
        }
        return map
    }
}

extension Normaliser.BertRules {
    fileprivate init(_ fields: inout ComponentFields) throws(TokenizerError) {
        cleansText = try fields.flag("clean_text")
        handlesChineseCharacters = try fields.flag("handle_chinese_chars")
        lowercases = try fields.flag("lowercase")
        stripsAccents = try fields.optionalFlag("strip_accents") ?? lowercases
    }
}
