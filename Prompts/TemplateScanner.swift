/// Cuts one line of a template into text and tags. Works on bytes, so that no combining mark can
/// hide a brace.
struct TemplateScanner {
    enum Piece: Hashable {
        case text(String)
        /// What stands between the braces, without the blanks at its ends.
        case tag(String)
    }

    let place: PromptPlace
    private let line: [UInt8]

    init(_ line: some Sequence<UInt8>, at place: PromptPlace) {
        self.line = Array(line)
        self.place = place
    }

    func pieces() throws(PromptError) -> [Piece] {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var at = 0
        while at < line.count {
            guard isPair(at, UInt8(ascii: "{")) else {
                text.append(line[at])
                at += 1
                continue
            }
            let slashes = text.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            text.removeLast(slashes - slashes / 2)
            at += 2
            if slashes % 2 == 1 {
                text += "{{".utf8
                continue
            }
            guard let end = (at..<line.count).first(where: { isPair($0, UInt8(ascii: "}")) }) else {
                throw .template(place, .unclosedTag(Self.string(line[at...].prefix(40))))
            }
            if !text.isEmpty { pieces.append(.text(Self.string(text[...]))) }
            text = []
            pieces.append(.tag(Self.trimmed(line[at..<end])))
            at = end + 2
        }
        if !text.isEmpty { pieces.append(.text(Self.string(text[...]))) }
        return pieces
    }

    /// The tag of a line that holds nothing else but blanks.
    static func lone(_ pieces: [Piece]) -> String? {
        var lone: String?
        for piece in pieces {
            switch piece {
            case .tag(let tag):
                if lone != nil { return nil }
                lone = tag
            case .text(let text):
                if !text.utf8.allSatisfy(isBlank) { return nil }
            }
        }
        return lone
    }

    private func isPair(_ at: Int, _ byte: UInt8) -> Bool {
        at + 1 < line.count && line[at] == byte && line[at + 1] == byte
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return string(bytes)
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
