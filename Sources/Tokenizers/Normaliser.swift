import Foundation

/// One step that changes a text before it is split.
///
/// - Source: the normalizers of tokenizers 0.23. Parity: `Fixtures/*.lines.json`.
indirect enum Normaliser: Sendable {
    case sequence([Normaliser])
    case form(UnicodeForms.Form)
    case lowercase
    case stripAccents
    case strip(left: Bool, right: Bool)
    case replace(TextPattern, with: [UInt8])
    case prepend([UInt8])
    case bert(BertRules)
    case nmt
    case characterMap(CharacterMap)
    case byteLevel

    struct BertRules: Sendable {
        var cleansText: Bool
        var handlesChineseCharacters: Bool
        var stripsAccents: Bool
        var lowercases: Bool
    }

    func apply(to passage: inout Passage) throws(TokenizerError) {
        switch self {
        case .sequence(let steps): for step in steps { try step.apply(to: &passage) }
        case .form(let form): UnicodeForms.standard.normalise(&passage, to: form)
        case .lowercase: Self.lowercase(&passage)
        case .stripAccents: Self.drop(ScalarClasses.Flags.mark, from: &passage)
        case .strip(let left, let right): Self.strip(&passage, left, right)
        case .replace(let pattern, let text): try Self.replace(&passage, pattern, text)
        case .prepend(let text): passage.prepend(text)
        case .bert(let rules): Self.bert(&passage, rules)
        case .nmt: Self.nmt(&passage)
        case .characterMap(let map): map.normalise(&passage)
        case .byteLevel: ByteAlphabet.standard.spell(&passage)
        }
        guard passage.bytes.count <= passage.limit else {
            throw .longText(bytes: passage.bytes.count, limit: passage.limit)
        }
    }

    private static func lowercase(_ passage: inout Passage) {
        passage.edit { scalar, editor in
            if scalar < 0x80 {
                let isUpper = (0x41...0x5A).contains(scalar)
                return editor.emit(isUpper ? scalar + 32 : scalar, 0)
            }
            let mapping = Unicode.Scalar(scalar)?.properties.lowercaseMapping.unicodeScalars
            var change = 0
            for lower in mapping ?? String.UnicodeScalarView() {
                editor.emit(lower.value, change)
                change = 1
            }
        }
    }

    private static func drop(_ flag: UInt32, from passage: inout Passage) {
        let classes = ScalarClasses.standard
        passage.filter { !classes.has(flag, $0) }
    }

    private static func strip(_ passage: inout Passage, _ left: Bool, _ right: Bool) {
        let classes = ScalarClasses.standard
        let scalars = passage.scalars
        func isSpace(_ scalar: UInt32) -> Bool { classes.has(ScalarClasses.Flags.space, scalar) }
        let leading = left ? scalars.prefix(while: isSpace).count : 0
        let trailing = right ? scalars.reversed().prefix(while: isSpace).count : 0
        guard leading + trailing > 0 else { return }
        var editor = PassageEditor(passage, skipping: leading)
        for scalar in scalars.dropFirst(leading).dropLast(trailing) { editor.emit(scalar, 0) }
        editor.finish(&passage)
    }

    private static func replace(
        _ passage: inout Passage, _ pattern: TextPattern, _ text: [UInt8]
    ) throws(TokenizerError) {
        let runs = try pattern.runs(in: passage.bytes[...])
        guard runs.contains(where: \.isMatch) else { return }
        var editor = PassageEditor(passage)
        for run in runs {
            if run.isMatch {
                editor.replace(upTo: run.end, with: text)
            } else {
                editor.copy(upTo: run.end)
            }
        }
        editor.finish(&passage)
    }

    private static func bert(_ passage: inout Passage, _ rules: BertRules) {
        let classes = ScalarClasses.standard
        if rules.cleansText {
            drop(ScalarClasses.Flags.control, from: &passage)
            passage.edit { scalar, editor in
                let isSpace = classes.has(ScalarClasses.Flags.space, scalar)
                editor.emit(isSpace ? 0x20 : scalar, 0)
            }
        }
        if rules.handlesChineseCharacters {
            passage.edit { scalar, editor in
                guard isChinese(scalar) else { return editor.emit(scalar, 0) }
                editor.emit(0x20, 0)
                editor.emit(scalar, 1)
                editor.emit(0x20, 1)
            }
        }
        if rules.stripsAccents {
            UnicodeForms.standard.normalise(&passage, to: .nfd)
            drop(ScalarClasses.Flags.nonspacing, from: &passage)
        }
        if rules.lowercases { lowercase(&passage) }
    }

    private static func isChinese(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    private static func nmt(_ passage: inout Passage) {
        passage.edit { scalar, editor in
            switch scalar {
            case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: editor.drop()
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF,
                0xFFFD:
                editor.emit(0x20, 0)
            default: editor.emit(scalar, 0)
            }
        }
    }
}
