/// What a PGN text is made of, without what is read over.
enum PGNToken: Equatable {
    case tag(ChessGame.Tag)
    /// What should be a move.
    case symbol(String)
    case result(ChessResult)
    case open, close
}

/// Cuts a PGN text into tokens; comments, move numbers, annotations and escaped lines are skipped.
struct PGNScanner {
    /// The line the scanner stands in, from 1.
    private(set) var line = 1
    private let bytes: [UInt8]
    private var index = 0
    private var (tokenIndex, tokenLine) = (0, 1)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next token; nil at the end.
    mutating func next() throws(PGNFault) -> PGNToken? {
        while index < bytes.count {
            (tokenIndex, tokenLine) = (index, line)
            switch bytes[index] {
            case Self.newline, UInt8(ascii: " "), 9, 11, 12, 13, UInt8(ascii: "."): advance()
            case UInt8(ascii: "%") where isAtLineStart: skipLine()
            case UInt8(ascii: ";"): skipLine()
            case UInt8(ascii: "{"): try skipComment()
            case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "?"):
                advance()
                _ = takeSymbol()
            case UInt8(ascii: "["): return .tag(try takeTag())
            case UInt8(ascii: "("):
                advance()
                return .open
            case UInt8(ascii: ")"):
                advance()
                return .close
            case UInt8(ascii: "*"):
                advance()
                return .result(.unknown)
            default:
                let symbol = takeSymbol()
                guard !symbol.isEmpty else { throw PGNFault.unexpected(rest()) }
                if let result = ChessResult(rawValue: symbol) { return .result(result) }
                if symbol.utf8.contains(where: { !Self.digits.contains($0) }) {
                    return .symbol(symbol)
                }
            }
        }
        return nil
    }

    /// Takes back the last token.
    mutating func unread() {
        (index, line) = (tokenIndex, tokenLine)
    }

    /// Goes on to where the next game may begin: a line that opens a tag, behind one that does not.
    mutating func skipGame(isPastTags: Bool) {
        var isPastTags = isPastTags
        if !isPastTags, !isAtLineStart { skipLine() }
        while index < bytes.count {
            let opensTag = isAtLineStart && bytes[index] == UInt8(ascii: "[")
            if opensTag && isPastTags { return }
            isPastTags = isPastTags || !opensTag && !isBlankLine
            skipLine()
        }
    }

    private var isAtLineStart: Bool { index == 0 || bytes[index - 1] == Self.newline }

    private var isBlankLine: Bool {
        bytes[index] == Self.newline || bytes[index] == UInt8(ascii: "\r")
    }

    private mutating func advance() {
        if bytes[index] == Self.newline { line += 1 }
        index += 1
    }

    private mutating func skipLine() {
        while index < bytes.count, bytes[index] != Self.newline { index += 1 }
        if index < bytes.count { advance() }
    }

    private mutating func skipComment() throws(PGNFault) {
        let (opening, openingLine) = (rest(), line)
        while index < bytes.count, bytes[index] != UInt8(ascii: "}") { advance() }
        guard index < bytes.count else {
            line = openingLine
            throw PGNFault.unclosed(opening)
        }
        advance()
    }

    private mutating func takeSymbol() -> String {
        let start = index
        while index < bytes.count, Self.isSymbol[Int(bytes[index])] { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// The tag that the scanner stands on, `[Name "value"]`; `\"` and `\\` are escapes.
    private mutating func takeTag() throws(PGNFault) -> ChessGame.Tag {
        let fault = PGNFault.tag(rest())
        let end =
            bytes[index...].prefix(PGNReader.tagByteLimit).firstIndex(of: Self.newline)
            ?? min(bytes.count, index + PGNReader.tagByteLimit)
        advance()
        skipBlanks(before: end)
        let start = index
        while index < end, Self.isTagName[Int(bytes[index])] { index += 1 }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        skipBlanks(before: end)
        guard !name.isEmpty, index < end, bytes[index] == UInt8(ascii: "\"") else { throw fault }
        advance()
        var value: [UInt8] = []
        while index < end, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < end,
                bytes[index + 1] == UInt8(ascii: "\"") || bytes[index + 1] == UInt8(ascii: "\\")
            {
                index += 1
            }
            value.append(bytes[index])
            index += 1
        }
        guard index < end else { throw fault }
        advance()
        skipBlanks(before: end)
        guard index < end, bytes[index] == UInt8(ascii: "]") else { throw fault }
        advance()
        return ChessGame.Tag(name: name, value: String(decoding: value, as: UTF8.self))
    }

    private mutating func skipBlanks(before end: Int) {
        while index < end, bytes[index] == UInt8(ascii: " ") || bytes[index] == 9 { index += 1 }
    }

    /// The text from here on, cut short for messages.
    private func rest() -> String {
        let line = bytes[index...].prefix(120).prefix { $0 != Self.newline && $0 != 13 }
        return ChessError.excerpt(of: String(decoding: line, as: UTF8.self))
    }

    private static let newline = UInt8(ascii: "\n")
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
    private static let isSymbol = membership(of: letters + "+#=:-/!?")
    private static let isTagName = membership(of: letters)

    /// For each byte, whether it is one of these characters.
    private static func membership(of characters: String) -> [Bool] {
        let bytes = Set(characters.utf8)
        return (0...UInt8.max).map(bytes.contains)
    }
}
